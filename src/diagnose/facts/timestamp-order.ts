/**
 * TCP timestamps that go back: hosts behind one NAT have clocks of their own, and a server that compares them by source
 * address (Linux before 4.12 with tcp_tw_recycle) drops the SYNs of the host whose clock is behind.
 */
import type { Session, SessionOfSameHosts } from '../../correlate/model.js'
import type { Connection } from '../../tcp/connection.js'

/** TCP_PAWS_MSL of Linux: for so long a server remembers the timestamps of a connection that has ended. */
const REMEMBERED_NS = 60e9
/** TCP_PAWS_WINDOW: a timestamp may be older by this much. */
const WINDOW = 1

/** An unanswered SYN with a timestamp older than that of an answered one from the same address. */
export interface OlderTimestamp {
  frame: number
  /** TSval of the unanswered SYN. */
  value: number
  /** Frame and TSval of the SYN that was answered. */
  answeredFrame: number
  answeredValue: number
  /** From the last packet of the answered connection to the unanswered SYN; 0 if it was still open. */
  laterNs: number
  /** Another connection was answered while this one was attempted: the server was up, and the address not blocked. */
  answeredMeanwhile: boolean
}

/**
 * Whether the SYNs of a connection between client and server were dropped for their timestamps; `null` if nothing
 * indicates it, or if the server answered SYNs that it would have dropped then.
 */
export function olderTimestamp(session: Session, connection: Connection): OlderTimestamp | null {
  const { surroundings } = session
  // The connection keeps the value of its latest SYN.
  const value = connection.flows[0].timestampValue
  const syn = connection.syns[0]
  const lastSyn = connection.syns.at(-1)
  if (!syn || !lastSyn || value < 0) return null
  const others = surroundings.sameHosts.filter(({ timestampValue }) => timestampValue >= 0)
  const [answered, unanswered] = [others.filter(isAnswered), others.filter((other) => !isAnswered(other))]
  const newest = newestBefore(answered, syn.time)
  if (!newest || !isOlder(value, newest.timestampValue) || acceptsOlder([...answered, ...ownAnswered(session)]))
    return null
  // A newer timestamp that got no answer either shows that the reason is another one.
  const isNear = ({ start }: SessionOfSameHosts) => Math.abs(start - syn.time) <= REMEMBERED_NS
  if (unanswered.some((other) => isNear(other) && !isOlder(other.timestampValue, newest.timestampValue))) return null
  return {
    frame: lastSyn.frame,
    value,
    answeredFrame: newest.firstFrame,
    answeredValue: newest.timestampValue,
    laterNs: Math.max(0, syn.time - newest.lastTime),
    answeredMeanwhile: answered.some(({ start }) => start > syn.time && start <= lastSyn.time + REMEMBERED_NS),
  }
}

const isAnswered = ({ answered }: SessionOfSameHosts): boolean => answered

/** The newest timestamp that the server can still remember. */
function newestBefore(answered: readonly SessionOfSameHosts[], time: number): SessionOfSameHosts | null {
  return answered
    .filter((other) => other.start < time && time - other.lastTime <= REMEMBERED_NS && leftTimestamp(other))
    .reduce<SessionOfSameHosts | null>(
      (best, other) => (best && !isOlder(best.timestampValue, other.timestampValue) ? best : other),
      null,
    )
}

/** The server remembers what has ended: the control connection, or a data connection. */
function leftTimestamp({ end, passive }: SessionOfSameHosts): boolean {
  return end !== null || passive.some(({ established }) => established)
}

/** What is compared of a connection that was answered. */
type Answered = Pick<SessionOfSameHosts, 'start' | 'end' | 'timestampValue' | 'closedByServer'>

/** Connections of the session itself that the client opened. */
function ownAnswered({ control, client, channels }: Session): Answered[] {
  const data = channels.flatMap(({ connection }) => connection ?? [])
  return [control, ...data]
    .filter(
      ({ initiator, established, flows }) =>
        initiator.address === client.address && established !== null && flows[0].timestampValue >= 0,
    )
    .map(({ first, flows }) => ({
      start: first.time,
      end: null,
      timestampValue: flows[0].timestampValue,
      closedByServer: false,
    }))
}

/** A SYN was answered soon after a connection with a newer timestamp that the server had closed. */
function acceptsOlder(answered: readonly Answered[]): boolean {
  const inOrder = answered.toSorted((a, b) => a.start - b.start)
  return inOrder.some((other, index) => {
    const before = inOrder[index - 1]
    if (!before?.closedByServer || before.end === null || !isOlder(other.timestampValue, before.timestampValue))
      return false
    return before.end < other.start && other.start - before.end <= REMEMBERED_NS
  })
}

/** Timestamps wrap around (RFC 7323 §5.2). */
function isOlder(value: number, than: number): boolean {
  return ((than - value) | 0) > WINDOW
}
