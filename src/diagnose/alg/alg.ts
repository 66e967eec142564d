/** What trackers of the control connection do with an announcement, by their published sources and manuals. */
import type { Session } from '../../correlate/model.js'
import type { Announcement, Exchange, PlaceInSegment, VerbForm } from '../../ftp/model.js'
import { perSession } from '../facts/per-session.js'

/** An announcement as a box on the way sees it. */
export interface Spoken {
  /** `PORT`, `EPRT`, `LPRT`, or the code of the reply. */
  kind: 'PORT' | 'EPRT' | 'LPRT' | '227' | '228' | '229'
  /** What stands behind the verb and its blank, or behind the code; the last line of a multi-line reply. */
  words: string
  multiLine: boolean
  bareLineFeed: boolean
  form: VerbForm
  place: PlaceInSegment['how'] | null
  /** Behind the four letters of the verb, or the code and its blank: all that the first segment holds of the line, its end included. */
  head: string
  /** The command that asked for a passive port, with its argument. */
  asked: string | null
  /** Address of the control connection's end that says it, and that of the other end. */
  sender: string
  address: string | null
  port: number | null
  ipv6: boolean
  /** A command was sent before the reply to the one before it. */
  pipelined: boolean
  serverPort: number
}

/**
 * `recognised`: the data connection is let through. `missed`: the words pass, and nothing is opened. `dropped`: the segment is thrown
 * away. `closed`: the control connection is ended.
 */
export type Treatment = 'recognised' | 'missed' | 'dropped' | 'closed'

/** One line of a tracker's table: the first that applies decides. */
export interface TrackerRule {
  when: (spoken: Spoken) => boolean
  treatment: Treatment
  why: string
  /** Decides by the address, not by the form: other findings speak of wrong addresses. */
  ofAddress?: boolean
}

export interface Tracker {
  name: string
  /** File and functions, or manual, that the table is taken from. */
  source: string
  rules: readonly TrackerRule[]
}

export interface Prediction {
  tracker: Tracker
  treatment: Treatment
  why: string
  ofAddress: boolean
}

export function predict(tracker: Tracker, spoken: Spoken): Prediction {
  const rule = tracker.rules.find(({ when }) => when(spoken))
  return {
    tracker,
    treatment: rule?.treatment ?? 'recognised',
    why: rule?.why ?? '',
    ofAddress: rule?.ofAddress ?? false,
  }
}

const FIRST_DIGITS = /\d[\d,]*/

/** The run of digits and commas behind the first digit, as simple parsers read it. */
export function firstNumbers(words: string): string {
  return FIRST_DIGITS.exec(words)?.[0] ?? ''
}

export function hasLargeOctet(text: string): boolean {
  return text.split(',').some((number) => Number(number) > 255)
}

const exchangesBefore = perSession(
  ({ dialogue: { exchanges } }) => new Map(exchanges.map((exchange, index) => [exchange, exchanges[index - 1]])),
)

/** The words of an announcement that the server took, or did not answer; `null` for one that TLS hides or that is no announcement. */
export function spokenOf(session: Session, announcement: Announcement): Spoken | null {
  const { exchange, reply, mode, verb } = announcement
  const passive = mode === 'passive'
  if (passive && (!reply || !announcement.accepted)) return null
  const lines = passive ? reply!.text.split('\n') : [exchange.argument ?? '']
  const { client, server } = session
  const before = exchangesBefore(session).get(exchange)
  const place = session.places.get(announcement) ?? null
  const bareLineFeed = announcement.notes.includes('bare-line-feed')
  return {
    kind: (passive ? String(reply!.code) : verb) as Spoken['kind'],
    words: lines.at(-1)!,
    multiLine: lines.length > 1,
    bareLineFeed,
    form: exchange.form,
    place: place?.how ?? null,
    head: headOf(lines.at(-1)!, passive ? null : exchange, bareLineFeed, place),
    asked:
      passive && exchange.command !== null
        ? `${exchange.command}${exchange.argument === null ? '' : ` ${exchange.argument}`}`
        : null,
    sender: passive ? server.address : client.address,
    address: announcement.address,
    port: announcement.port,
    ipv6: session.control.version === 6,
    pipelined: (before?.command ?? null) !== null && (before!.replies[0]?.frame ?? Infinity) > exchange.frame,
    serverPort: server.port,
  }
}

/**
 * PORT or 227 in the words of RFC 959 §4.1.2 and §4.2.2, whole in a segment, in lock-step on port 21, with the sender's own address: no
 * tracker stumbles over these, and they are what most announcements are.
 */
export function isPlain({ control, places }: Session, announcement: Announcement): boolean {
  const { verb, exchange, reply, address, port, notes } = announcement
  if (address === null || port === null || port < 1024 || port > 65_535 || notes.length > 0) return false
  if (control.responder.port !== 21 || exchange.form !== 'plain' || places.has(announcement)) return false
  const tuple = (): string => `${address.replaceAll('.', ',')},${port >> 8},${port & 255}`
  if (verb === 'PORT') return address === control.initiator.address && exchange.argument === tuple()
  if (verb !== 'PASV' || reply?.code !== 227 || exchange.command !== 'PASV' || exchange.argument !== null) return false
  if (address !== control.responder.address || !reply.text.startsWith(PASSIVE_WORDS)) return false
  const behind = reply.text.slice(PASSIVE_WORDS.length)
  return behind === `${tuple()})` || behind === `${tuple()}).`
}

const PASSIVE_WORDS = 'Entering Passive Mode ('

/** Letters of a verb, or a code and its blank. */
const BEGINNING = 4

function headOf(words: string, command: Exchange | null, bareLineFeed: boolean, place: PlaceInSegment | null): string {
  const separator = command === null || command.argument === null ? '' : command.form === 'tab' ? '\t' : ' '
  const head = `${separator}${words}${bareLineFeed ? '\n' : '\r\n'}`
  return place?.how === 'split' ? head.slice(0, Math.max(0, place.firstPart - BEGINNING)) : head
}
