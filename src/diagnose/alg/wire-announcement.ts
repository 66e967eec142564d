import type { Session } from '../../correlate/model.js'
import type { Announcement, Exchange, PlaceInSegment, VerbForm } from '../../ftp/model.js'
import type { SessionFacts } from '../facts/session-facts.js'

/** An announcement as a device on the path sees it. */
export interface WireAnnouncement {
  /** `PORT`, `EPRT`, `LPRT`, or the code of the reply. */
  kind: 'PORT' | 'EPRT' | 'LPRT' | '227' | '228' | '229'
  /** What follows the verb and its space, or the code; the last line of a multi-line reply. */
  words: string
  multiLine: boolean
  bareLineFeed: boolean
  form: VerbForm
  place: PlaceInSegment['how'] | null
  /** The part of the line in the first segment, with its end, after the verb, or after the code and its space. */
  head: string
  /** The command that requested a passive port, with its argument. */
  asked: string | null
  /** Address of the end of the control connection that sent it, and the announced address. */
  sender: string
  address: string | null
  port: number | null
  ipv6: boolean
  /** The command was sent before the reply to the previous one. */
  pipelined: boolean
  serverPort: number
}

/**
 * `null` for a passive verb that the server did not accept, for a line of which the capture lacks the end, and for one
 * under TLS, whatever was decrypted.
 */
export function wireAnnouncement(facts: SessionFacts, announcement: Announcement): WireAnnouncement | null {
  const { exchange, reply, mode, verb } = announcement
  const passive = mode === 'passive'
  if (passive && (!reply || !announcement.accepted)) return null
  // What a helper would make of the rest of the line is not known.
  if (exchange.encrypted || exchange.clipped || reply?.clipped) return null
  const { client, server, control, places } = facts.session
  const lines = passive ? reply!.text.split('\n') : [exchange.argument ?? '']
  const place = places.get(announcement) ?? null
  const bareLineFeed = announcement.notes.includes('bare-line-feed')
  return {
    kind: (passive ? String(reply!.code) : verb) as WireAnnouncement['kind'],
    words: lines.at(-1)!,
    multiLine: lines.length > 1,
    bareLineFeed,
    form: exchange.form,
    place: place?.how ?? null,
    head: headOf(lines.at(-1)!, passive ? null : exchange, bareLineFeed, place),
    asked: passive && exchange.command !== null ? lineOf(exchange.command, exchange.argument) : null,
    sender: passive ? server.address : client.address,
    address: announcement.address,
    port: announcement.port,
    ipv6: control.version === 6,
    pipelined: isPipelined(facts, exchange),
    serverPort: server.port,
  }
}

function lineOf(command: string, argument: string | null): string {
  return argument === null ? command : `${command} ${argument}`
}

function isPipelined(facts: SessionFacts, exchange: Exchange): boolean {
  const before = facts.commandBefore(exchange)
  return before !== null && (before.replies[0]?.frame ?? Infinity) > exchange.frame
}

/** Length of a verb, or of a code and its space. */
const BEGINNING = 4

function headOf(words: string, command: Exchange | null, bareLineFeed: boolean, place: PlaceInSegment | null): string {
  const separator = command === null || command.argument === null ? '' : command.form === 'tab' ? '\t' : ' '
  const head = `${separator}${words}${bareLineFeed ? '\n' : '\r\n'}`
  return place?.how === 'split' ? head.slice(0, Math.max(0, place.firstPart - BEGINNING)) : head
}

const PASSIVE_WORDS = 'Entering Passive Mode ('

/**
 * PORT or 227 with the text of RFC 959 §4.1.2 and §4.2.2, whole in a segment, in lock-step on port 21, with the
 * sender's own address: every ALG recognizes these, and most announcements are of this kind.
 */
export function isPlain({ control, places }: Session, announcement: Announcement): boolean {
  const { verb, exchange, reply, address, port, notes } = announcement
  if (address === null || port === null || port < 1024 || port > 65_535 || notes.length > 0) return false
  if (control.responder.port !== 21 || exchange.form !== 'plain' || places.has(announcement)) return false
  const tuple = (): string => `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
  if (verb === 'PORT') return address === control.initiator.address && exchange.argument === tuple()
  if (verb !== 'PASV' || reply?.code !== 227 || exchange.command !== 'PASV' || exchange.argument !== null) return false
  if (address !== control.responder.address || !reply.text.startsWith(PASSIVE_WORDS)) return false
  const rest = reply.text.slice(PASSIVE_WORDS.length)
  return rest === `${tuple()})` || rest === `${tuple()}).`
}
