import { type CutAnnouncement, cutEprt, cutTuple, cutWithoutAddress } from './cut-announcement.js'
import { parse229 } from './extended-passive-reply.js'
import type { HostPort } from './host-port.js'
import type { Announcement, AnnouncementVerb, Exchange, LineEnd, PassiveVerb, Reply } from '../model.js'
import { parse227, parse228, parseSpsv } from './passive-reply.js'
import { parseEprt, parseLprt, parsePort } from './port-argument.js'
import { isCompletion, isRefusal } from '../reply-codes.js'

interface Parser {
  parse: (text: string) => HostPort
  /** The same for a text of which only the beginning was captured. */
  cut: (text: string) => CutAnnouncement
}

const ACTIVE: Record<string, Parser> = {
  PORT: { parse: parsePort, cut: cutTuple },
  EPRT: { parse: parseEprt, cut: cutEprt },
  LPRT: { parse: parseLprt, cut: cutWithoutAddress },
}
const PASSIVE = new Set(['PASV', 'EPSV', 'LPSV', 'CPSV', 'SPSV'])

/** Whether a verb announces a data connection, or requests that the server announce one. */
export function isAnnouncing(verb: string): boolean {
  return Object.hasOwn(ACTIVE, verb) || PASSIVE.has(verb)
}

const HIGHEST_PRIVILEGED = 1023

/** Collects the announcements of a session (RFC 959 §4.1.2, RFC 1639, RFC 2428), from commands and from replies. */
export class Announcements {
  readonly list: Announcement[]
  readonly #announced: (announcement: Announcement) => void
  readonly #byExchange = new Map<Exchange, Announcement>()
  #epsvAllAccepted = false

  constructor(list: Announcement[], announced: (announcement: Announcement) => void) {
    this.list = list
    this.#announced = announced
  }

  command(exchange: Exchange, complete: boolean): void {
    const verb = exchange.command!
    const parser = ACTIVE[verb]
    if (parser) {
      const announcement = this.#add('active', verb as AnnouncementVerb, exchange)
      this.#readOrCut(announcement, parser, exchange.argument ?? '', complete, exchange)
    } else if (PASSIVE.has(verb) && !isEpsvAll(exchange)) this.#add('passive', verb as AnnouncementVerb, exchange)
  }

  reply(exchange: Exchange, reply: Reply, complete: boolean): void {
    if (exchange.command === 'EPSV' && isEpsvAll(exchange) && isCompletion(reply.code)) this.#epsvAllAccepted = true
    let announcement = this.#byExchange.get(exchange)
    const passive = PASSIVE_REPLIES[reply.code]
    if (passive && announcement?.mode !== 'active') {
      // By code, whatever the command: PASV may be missing, and EPSV may be answered with 227.
      const parser = announcement?.verb === 'SPSV' && reply.code === 227 ? SPSV_REPLY : passive
      const hostPort = parser.parse(reply.text)
      if (!announcement) {
        if (hostPort.kind !== 'host-port' && !reply.clipped) return
        announcement = this.#add('passive', passive.verb, exchange)
      }
      announcement.reply = reply
      announcement.accepted = true
      announcement.frame = reply.frame
      announcement.time = reply.time
      if (!passive.answers.includes(announcement.verb)) announcement.notes.push('other-family')
      if (reply.code === 229 && hostPort.kind === 'host-port' && hostPort.address !== null) {
        announcement.notes.push('address-in-229')
      }
      this.#readOrCut(announcement, parser, reply.text, complete, reply)
    } else if (announcement && !reply.preliminary && !announcement.accepted) {
      announcement.reply = reply
      // Servers that connect before they reply (pyftpdlib) answer PORT or EPRT with 425: they accepted the announcement
      // itself.
      const connectedFirst = announcement.mode === 'active' && reply.code === 425
      announcement.accepted = announcement.mode === 'active' && (connectedFirst || isCompletion(reply.code))
      announcement.refused = isRefusal(reply.code) && !connectedFirst
    }
  }

  of(exchange: Exchange): Announcement | null {
    return this.#byExchange.get(exchange) ?? null
  }

  /** REIN (RFC 959 §4.1.1) also resets EPSV ALL. */
  reset(): void {
    this.#epsvAllAccepted = false
  }

  #add(mode: Announcement['mode'], verb: AnnouncementVerb, exchange: Exchange): Announcement {
    const announcement: Announcement = {
      mode,
      verb,
      exchange,
      reply: null,
      frame: exchange.frame,
      time: exchange.time,
      address: null,
      port: null,
      accepted: false,
      refused: false,
      cutPorts: null,
      malformed: null,
      notes: this.#epsvAllAccepted && verb !== 'EPSV' ? ['after-epsv-all'] : [],
    }
    this.list.push(announcement)
    this.#byExchange.set(exchange, announcement)
    return announcement
  }

  /** A line whose end was not captured proves nothing about what was sent after its beginning. */
  #readOrCut(
    announcement: Announcement,
    { parse, cut }: Parser,
    text: string,
    complete: boolean,
    { clipped, lineEnd }: Pick<Reply, 'clipped' | 'lineEnd'>,
  ): void {
    const hostPort = parse(text)
    if (complete || (hostPort.kind === 'host-port' && (!clipped || !/\d$/.test(text))))
      this.#read(announcement, hostPort, lineEnd)
    else if (clipped) {
      const { address, ports } = cut(text)
      announcement.address = address
      announcement.cutPorts = ports
      this.#announced(announcement)
    }
  }

  #read(announcement: Announcement, hostPort: HostPort, lineEnd: LineEnd): void {
    if (lineEnd === 'lf') announcement.notes.push('bare-line-feed')
    if (hostPort.kind === 'none') announcement.malformed = hostPort.reason
    else {
      announcement.address = hostPort.address
      announcement.port = hostPort.port
      if (hostPort.kind === 'malformed') announcement.malformed = hostPort.reason
      else {
        if (hostPort.port <= HIGHEST_PRIVILEGED) announcement.notes.push('privileged-port')
        this.#announced(announcement)
      }
    }
  }
}

const PASSIVE_REPLIES: Record<number, { verb: PassiveVerb; answers: readonly string[] } & Parser> = {
  227: { verb: 'PASV', answers: ['PASV', 'CPSV', 'SPSV'], parse: parse227, cut: cutTuple },
  228: { verb: 'LPSV', answers: ['LPSV'], parse: parse228, cut: cutWithoutAddress },
  229: { verb: 'EPSV', answers: ['EPSV', 'SPSV'], parse: parse229, cut: cutWithoutAddress },
}
const SPSV_REPLY: Parser = { parse: parseSpsv, cut: cutWithoutAddress }

/** EPSV ALL (RFC 2428 §4) does not request a connection: it promises that only EPSV will follow. */
function isEpsvAll(exchange: Exchange): boolean {
  return exchange.argument?.trim().toUpperCase() === 'ALL'
}
