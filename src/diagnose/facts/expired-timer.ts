/** The timer of the server that ended a session, and the event from which it ran. */
import type { DataChannel, Session } from '../../correlate/model.js'
import { type Exchange, finalReply, type Reply } from '../../ftp/model.js'
import type { Sighting } from '../../tcp/connection.js'
import type { ReplyInExchange } from './control.js'
import { isEstablished } from './passive.js'
import { means } from './phrases.js'
import { asksForTls, saysOops, saysTooMany, serverFault } from './server-words.js'

/** What a timer of the control connection counts from. */
export type TimerStart =
  /** The last activity on control and data connections. */
  | 'activity'
  /** The last command other than those that clients send to keep a session open. */
  | 'command'
  /** The last word on the control connection, although data flowed afterwards. */
  | 'control'
  /** The last transfer, or the login. */
  | 'transfer'
  /** The login: the timer limits the session as a whole. */
  | 'login'
  /** The connection: the login has to be complete by then. */
  | 'connection'

/** A 421 with which a timer ended a session, or what vsftpd sends in its place under TLS. */
export interface ExpiredTimer extends ReplyInExchange {
  start: TimerStart
  /** The event from which the timer ran. */
  since: Sighting
  /** Nanoseconds from that event to the 421. */
  elapsed: number
  /** The reply itself says that a timer expired. */
  inWords: boolean
  /** The length of the timer as the reply states it, in seconds; `null` if it does not. */
  stated: number | null
  /** Commands that were answered meanwhile and did not count. */
  uncounted: readonly Exchange[]
  /** The channel whose transfer it interrupted; `null` if none was running. */
  interrupted: DataChannel | null
}

/** The facts that are searched; `SessionFacts` provides them. */
interface Said {
  readonly session: Session
  readonly replies: readonly ReplyInExchange[]
  lastActivityBefore(packet: Sighting): Sighting
  lastOnControlBefore(packet: Sighting): Sighting
}

/** A 421 ends a session, so there should be one; if there are many, only these are examined. */
const MAX_421 = 8
/** Shortest silence that is taken for an idle timeout if the reply does not say so: slow users pause nearly as long. */
const MIN_SILENCE_NS = 50e9
/** A server that checks its timer only when the next command arrives answers that command at once. */
const PROMPT_NS = 2e9
/** A server closes within this fraction of the timer, or within a second. */
const TOLERANCE = 0.03

/**
 * Commands that clients send only to keep a session open, and that do not reset the timer of some servers: Pure-FTPd
 * counts none of these.
 */
const KEEP_ALIVES: ReadonlySet<string | null> = new Set(
  'NOOP TYPE MODE SYST PWD XPWD CWD XCWD REST STRU FEAT'.split(' '),
)

/** The reply with which a timer ended the session; `null` if there is none. */
export function expiredTimer(facts: Said): ExpiredTimer | null {
  let looked = 0
  for (const said of facts.replies) {
    const { reply, exchange } = said
    const failed = saysOops(reply)
    if ((reply.code !== 421 && !failed) || saysTooMany(reply) || asksForTls(exchange, reply)) continue
    if (++looked > MAX_421) return null
    // Under TLS, vsftpd's timer makes it fail instead of saying 421.
    if (failed ? isNamed(reply) || facts.session.dialogue.security === 'none' : serverFault(reply) !== null) continue
    const interrupted = interruptedBy(facts.session, said)
    const unasked = exchange.command === null || interrupted?.transfer?.command.exchange === exchange
    // A command that waited long for its 421 does not count as silence.
    if (!unasked && reply.time - exchange.time > PROMPT_NS) continue
    const found = timerOf(facts, said, unasked ? reply : exchange)
    if (found.inWords || (unasked && found.elapsed >= MIN_SILENCE_NS)) return { ...found, interrupted }
  }
  return null
}

/** The words of the reply name what is wrong on the server. */
function isNamed(reply: Reply): boolean {
  const fault = serverFault(reply)
  return fault !== 'other' && fault !== 'child-died'
}

function timerOf(facts: Said, { exchange, reply }: ReplyInExchange, end: Sighting): Omit<ExpiredTimer, 'interrupted'> {
  const { text } = reply
  const inWords = means(text, 'timed-out') && (!means(text, 'data-timer') || means(text, 'no-transfer-timer'))
  const stated = statedSeconds(text)
  const from = (start: TimerStart, since: Sighting, uncounted: readonly Exchange[] = []) => ({
    exchange,
    reply,
    start,
    since,
    elapsed: end.time - since.time,
    inWords,
    stated,
    uncounted,
  })
  const { session } = facts
  const { established, first, midstream } = session.control
  const login = loginOf(session)
  const idle = from('activity', facts.lastActivityBefore(end))
  if (!inWords) return idle
  if (!login && !midstream && (means(text, 'login-timer') || isLoginPending(session, end)))
    return from('connection', established ?? first)
  const moved = lastTransferBefore(session, end) ?? login ?? established ?? first
  const transfer = from('transfer', moved, answeredBetween(session, moved, end))
  if (means(text, 'no-transfer-timer')) return transfer
  const whole = login && !means(text, 'idle') ? from('login', login) : null
  if (whole && means(text, 'session-timer') && idle.elapsed < MIN_SILENCE_NS) return whole
  const control = from('control', facts.lastOnControlBefore(end))
  if (isFlowing(session, end) && control.elapsed >= MIN_SILENCE_NS) return control
  if (idle.elapsed >= MIN_SILENCE_NS || (stated !== null && isAbout(idle.elapsed, stated))) return idle
  const counted = lastCountedBefore(session, end, idle.since)
  const command = from('command', counted, answeredBetween(session, counted, end))
  const likely = [
    ...(command.uncounted.length > 0 ? [command] : []),
    control,
    ...(stated === null ? [] : [transfer, ...(whole ? [whole] : [])]),
  ].filter(({ elapsed }) => elapsed >= MIN_SILENCE_NS)
  // Of several events, the one from which the stated time had passed.
  return likely.find(({ elapsed }) => stated === null || isOver(elapsed, stated)) ?? likely[0] ?? idle
}

function isOver(elapsed: number, seconds: number): boolean {
  return elapsed / 1e9 >= seconds * (1 - TOLERANCE)
}

function isAbout(elapsed: number, seconds: number): boolean {
  return Math.abs(elapsed / 1e9 - seconds) <= Math.max(1, seconds * TOLERANCE)
}

/** `(600 seconds)`, `15 minutes`, and the same in the languages of servers. */
const DURATION = /(\d{1,6})\s*(s(?:ec\w*|ek\w*|eg\w*)?\b|m(?:in\w*)?\b|сек|мин|秒|초|分)/i
const MINUTES = /^(?:m|мин|分)/i

/** The duration that a text states, in seconds. */
function statedSeconds(text: string): number | null {
  const [, number, unit] = DURATION.exec(text) ?? []
  if (number === undefined || unit === undefined) return null
  return Number(number) * (MINUTES.test(unit) ? 60 : 1)
}

/** The transfer that was running when the server sent a 421. */
function interruptedBy({ channels }: Session, { exchange, reply }: ReplyInExchange): DataChannel | null {
  return (
    channels.findLast((channel) => {
      if (!channel.transfer || !isEstablished(channel)) return false
      const { exchange: command } = channel.transfer.command
      if (command.frame > reply.frame || !command.replies.some(({ preliminary }) => preliminary)) return false
      return command === exchange || isRunning(command, reply)
    }) ?? null
  )
}

function isRunning(command: Exchange, at: Reply): boolean {
  const final = finalReply(command)
  return final === null || final.frame > at.frame
}

/** Data arrived before and after a packet. */
function isFlowing({ channels }: Session, { time }: Sighting): boolean {
  return channels.some(
    ({ connection }) =>
      connection?.established &&
      connection.established.time < time &&
      connection.flows.some(({ lastData }) => lastData !== null && lastData.time > time),
  )
}

/** The reply that accepted the login (RFC 959 §5.4). */
function loginOf({ dialogue }: Session): Reply | null {
  for (const { command, replies } of dialogue.exchanges) {
    if (command !== 'USER' && command !== 'PASS' && command !== 'ACCT') continue
    const accepted = replies.find(({ code }) => code === 230 || code === 232 || code === 202)
    if (accepted) return accepted
  }
  return null
}

/** The server waits for the next step of the login (RFC 959 §5.4: 331, 332). */
function isLoginPending({ dialogue }: Session, { frame }: Sighting): boolean {
  const last = dialogue.exchanges.findLast((each) => each.command !== null && each.frame < frame)
  const code = last && finalReply(last)?.code
  return code === 331 || code === 332
}

/** The end of the last transfer before a packet: its last reply, or its last packet of data. */
function lastTransferBefore({ channels }: Session, { time }: Sighting): Sighting | null {
  let last: Sighting | null = null
  for (const { transfer, connection } of channels) {
    const final = transfer && finalReply(transfer.command.exchange)
    for (const at of [final, connection?.last]) if (at && at.time < time && (!last || at.time > last.time)) last = at
  }
  return last
}

/** The last reply to a command that is more than a keep-alive, or the last packet of data. */
function lastCountedBefore(session: Session, end: Sighting, latest: Sighting): Sighting {
  const { dialogue, control } = session
  let last: Sighting = lastTransferBefore(session, end) ?? control.established ?? control.first
  for (const { command, replies, time } of dialogue.exchanges) {
    if (KEEP_ALIVES.has(command) || time >= end.time) continue
    for (const reply of replies) if (reply.time < end.time && reply.time > last.time) last = reply
  }
  return last.time > latest.time ? latest : last
}

/** Commands that were answered between two packets. */
function answeredBetween({ dialogue }: Session, since: Sighting, end: Sighting): Exchange[] {
  return dialogue.exchanges.filter(
    ({ command, time, replies }) =>
      command !== null && time > since.time && time < end.time && replies.some(({ code }) => code < 400),
  )
}
