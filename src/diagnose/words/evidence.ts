import { seconds } from './quantities.js'
import type { Announcement, Exchange, Reply, TransferCommand } from '../../ftp/model.js'
import type { Connection, IcmpSighting, ResetSighting, Sighting } from '../../tcp/connection.js'
import { secretArgument } from '../../ftp/secrets/secret-arguments.js'
import { Quote, type Shown } from './quote.js'
import { byteCount } from './quantities.js'

/** A frame, and what it shows: a reply, a command or another text from the wire, a note by the program, or both. */
export interface Evidence {
  frame: number
  quote: ReplyFact | CommandFact | PhraseFact | null
  note: string
}

/** A frame, and a note by the program on what it shows. */
export function at({ frame }: Pick<Sighting, 'frame'>, note: string): Evidence {
  return { frame, quote: null, note }
}

/** A reply as a fact of a finding. */
export interface ReplyFact {
  frame: number
  code: number
  text: Quote
}

/** A command as a fact of a finding, in upper case; never with a secret argument, even if the dialogue shows those. */
export interface CommandFact {
  frame: number
  command: Quote
  argument: Quote | null
}

/** A text from the wire within a note by the program. */
export interface PhraseFact {
  before: string
  quoted: Quote
  after: string
}

export function replyFact({ frame, code, text }: Reply): ReplyFact {
  return { frame, code, text: new Quote(text) }
}

export function commandFact({ frame, command, argument }: Exchange): CommandFact {
  return {
    frame,
    command: new Quote(command ?? 'no command'),
    argument:
      command === null || argument === null ? null : new Quote(secretArgument(command, argument)?.shown ?? argument),
  }
}

/** A reply as it was sent, on one line. */
export function replyWords({ code, text }: Shown<ReplyFact>): string {
  return `${code} ${text}`.trim()
}

/** A command as it was sent. */
export function commandWords({ command, argument }: Shown<CommandFact>): string {
  return argument === null ? command : `${command} ${argument}`
}

/** What a piece of evidence shows, on one line. */
export function evidenceText({ quote, note }: Shown<Evidence>): string {
  if (quote === null) return note
  const words = quoteWords(quote)
  return note === '' ? words : `${words} (${note})`
}

/** What was quoted, on one line. */
export function quoteWords(quote: Shown<NonNullable<Evidence['quote']>>): string {
  if ('quoted' in quote) return quote.before + quote.quoted + quote.after
  return 'code' in quote ? replyWords(quote) : commandWords(quote)
}

export function replyEvidence(reply: Reply, note = ''): Evidence {
  return { frame: reply.frame, quote: replyFact(reply), note }
}

export function commandEvidence(exchange: Exchange, note = ''): Evidence {
  return { frame: exchange.frame, quote: commandFact(exchange), note }
}

/** A frame, and a note by the program around a text from the wire. */
export function phraseEvidence({ frame }: Sighting, before: string, text: string, after = ''): Evidence {
  return { frame, quote: { before, quoted: new Quote(text), after }, note: '' }
}

/** Where the size of a file was stated, as a list; empty if it was not. */
export function sizeEvidence({ expectedBytes, expectedFrame }: TransferCommand): Evidence[] {
  if (expectedBytes === null || expectedFrame === null) return []
  return [{ frame: expectedFrame, quote: null, note: `${byteCount(expectedBytes)} expected` }]
}

/** The announcement of a data connection: the reply to a passive verb, or the command of an active one. */
export function announcementFact({ mode, reply, exchange }: Announcement): ReplyFact | CommandFact {
  return mode === 'passive' && reply ? replyFact(reply) : commandFact(exchange)
}

export function announcementEvidence(announcement: Announcement, note = ''): Evidence {
  const quote = announcementFact(announcement)
  return { frame: quote.frame, quote, note }
}

/** `address:port`, IPv6 in brackets (RFC 3986 §3.2.2). */
export function endpointText(address: string | null, port: number | null): string {
  const host = address === null ? '?' : address.includes(':') ? `[${address}]` : address
  return `${host}:${port ?? '?'}`
}

/** SYNs without a captured answer, one piece of evidence for each that is kept. */
export function synEvidence(connection: Connection): Evidence[] {
  const target = endpointText(connection.responder.address, connection.responder.port)
  return connection.syns.map((syn, index) =>
    at(
      syn,
      index === 0 ? `SYN to ${target}` : `SYN retransmitted after ${seconds(syn.time - connection.syns[0]!.time)}`,
    ),
  )
}

/** How long a connection was attempted: from the first SYN to the last, in nanoseconds. */
export function tryingTime(connection: Connection): number {
  return connection.syns.length > 0 ? connection.syns.at(-1)!.time - connection.syns[0]!.time : 0
}

export function resetEvidence(reset: ResetSighting, sender: string): Evidence {
  return at(reset, `RST from ${sender} (TTL ${reset.hopLimit})`)
}

/** The SYNs of a connection, and the RST or ICMP error that answered them. */
export function openingEvidence(connection: Connection): Evidence[] {
  const reset = connection.resets.find(({ answersSyn }) => answersSyn)
  const error = connection.icmpErrors.find(({ quotesSyn }) => quotesSyn)
  return [
    ...synEvidence(connection),
    ...(reset ? [resetEvidence(reset, connection.responder.address)] : []),
    ...(error ? [icmpEvidence(error)] : []),
  ]
}

export function icmpEvidence(error: IcmpSighting): Evidence {
  return at(error, `ICMP${error.version === 6 ? 'v6' : ''} ${icmpText(error)} from ${error.from}`)
}

/** ICMP errors by type and code: RFC 792, RFC 1812 §5.2.7.1, RFC 4443 §3. */
const ICMP_TEXT: Readonly<Record<string, string>> = {
  '4 3 0': 'network unreachable',
  '4 3 1': 'host unreachable',
  '4 3 2': 'protocol unreachable',
  '4 3 3': 'port unreachable',
  '4 3 4': 'fragmentation needed',
  '4 3 5': 'source route failed',
  '4 3 6': 'destination network unknown',
  '4 3 7': 'destination host unknown',
  '4 3 9': 'network administratively prohibited',
  '4 3 10': 'host administratively prohibited',
  '4 3 11': 'network unreachable for type of service',
  '4 3 12': 'host unreachable for type of service',
  '4 3 13': 'communication administratively prohibited',
  '4 3 15': 'precedence cutoff',
  '4 11 0': 'time to live exceeded',
  '4 11 1': 'fragment reassembly time exceeded',
  '6 1 0': 'no route to destination',
  '6 1 1': 'administratively prohibited',
  '6 1 2': 'beyond scope of source address',
  '6 1 3': 'address unreachable',
  '6 1 4': 'port unreachable',
  '6 1 5': 'source address failed policy',
  '6 1 6': 'reject route to destination',
  '6 2 0': 'packet too big',
  '6 3 0': 'hop limit exceeded',
}

export function icmpText(error: Pick<IcmpSighting, 'version' | 'type' | 'code'>): string {
  return ICMP_TEXT[`${error.version} ${error.type} ${error.code}`] ?? `type ${error.type} code ${error.code}`
}

/** What an ICMP error indicates: a filter, a missing route, or a routing loop. */
export function icmpCause(error: IcmpSighting): 'filter' | 'route' | 'loop' | 'other' {
  if (error.version === 4) {
    if (error.type === 11) return 'loop'
    if (error.type !== 3) return 'other'
    // Hosts answer TCP to a closed port with RST; a port unreachable for TCP comes from a filter that rejects (RFC 1122
    // §3.2.2.1, §4.2.3.9).
    if ([2, 3, 9, 10, 13].includes(error.code)) return 'filter'
    return [0, 1, 5, 6, 7, 11, 12].includes(error.code) ? 'route' : 'other'
  }
  if (error.type === 3) return 'loop'
  if (error.type !== 1) return 'other'
  if ([1, 4, 5, 6].includes(error.code)) return 'filter'
  return error.code === 0 || error.code === 2 || error.code === 3 ? 'route' : 'other'
}
