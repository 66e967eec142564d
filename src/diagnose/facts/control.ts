/** What the rules on the control connection share. */
import type { Session, SessionOfSameHosts } from '../../correlate/model.js'
import { type Exchange, FROM_CLIENT, FROM_SERVER, type Reply } from '../../ftp/model.js'
import { type Connection, Direction, type Sighting } from '../../tcp/connection.js'

/** A reply with the exchange it belongs to. */
export interface ReplyInExchange {
  exchange: Exchange
  reply: Reply
}

/** All replies of a session, in the order of their exchanges. */
export function repliesOf({ dialogue }: Session): readonly ReplyInExchange[] {
  const said: ReplyInExchange[] = []
  for (const exchange of dialogue.exchanges) {
    for (const reply of exchange.replies) said.push({ exchange, reply })
  }
  return said
}

/** The connection was established: the handshake was completed, or bytes that require one were captured. */
export function isOpened(connection: Connection): boolean {
  if (connection.midstream || connection.flows[FROM_SERVER].end > 0) return true
  return connection.established !== null && connection.synAckAttempts > 0
}

/**
 * The direction of which no packet was captured although the other one proves that it existed: it acknowledges bytes,
 * or completes a handshake. `null` if both were captured, or if nothing proves that the missing one existed.
 */
export function unseenDirection(connection: Connection): Direction | null {
  const [client, server] = connection.flows
  if (client.packets > 0 && server.packets > 0) return null
  if (server.packets === 0) {
    return connection.established !== null || server.acknowledged > 0 ? Direction.FromResponder : null
  }
  return connection.synAckAttempts > 0 || client.acknowledged > 0 ? Direction.FromInitiator : null
}

/** Who sends in a direction of the control connection. */
export function senderOf(direction: Direction): 'client' | 'server' {
  return direction === FROM_CLIENT ? 'client' : 'server'
}

/** How a connection ended: its first FIN or RST. */
export interface Closing extends Sighting {
  direction: Direction
  how: 'fin' | 'rst'
}

export function closingOf(connection: Connection): Closing | null {
  const { closedBy } = connection
  if (!closedBy) return null
  const { direction, how } = closedBy
  const sighting =
    how === 'fin' ? connection.flows[direction].fin : connection.resets.find((reset) => reset.direction === direction)
  return sighting ? { frame: sighting.frame, time: sighting.time, direction, how } : null
}

/**
 * Neither side had sent data when the client gave up or the capture ended; what a server sends afterwards is an error
 * message.
 */
export function hasNoDialogue(connection: Connection): boolean {
  const [client, server] = connection.flows
  const closing = closingOf(connection)
  const parting = closing?.direction === FROM_SERVER && (client.firstData?.frame ?? 0) > closing.frame
  if (client.end > 0 && !parting) return false
  if (server.end === 0) return true
  const first = server.firstData
  return closing?.direction === FROM_CLIENT && first !== null && first.frame > closing.frame
}

/** Retransmissions of one direction after a point in time; only the latest few are kept. */
export function retransmittedAfter(connection: Connection, direction: Direction, time: number): Sighting[] {
  return connection.flows[direction].retransmitted.filter((sighting) => sighting.time > time)
}

/** Control connections of the same two hosts that were answered and open when this one began. */
export function parallelSessions(session: Session): SessionOfSameHosts[] {
  const { time } = session.control.first
  return session.surroundings.sameHosts.filter(
    (other) => other.answered && other.start <= time && (other.end === null || other.end > time),
  )
}

/** As long as tools that ban look back: fail2ban's findtime and CSF's LF_INTERVAL are minutes to an hour. */
const BAN_MEMORY_NS = 600e9
/** The fewest rejected logins after which tools ban an address (sshguard); fail2ban needs 5. */
const FEWEST_REJECTED = 3

/**
 * Logins that the server rejected shortly before this connection, from the same client, when the last of its sessions
 * ended so; empty if there were too few for a ban.
 */
export function rejectedBefore({ control, surroundings }: Session): Sighting[] {
  const { time } = control.first
  const before = surroundings.sameHosts.filter(({ start, answered }) => answered && start < time)
  const latest = before.reduce<SessionOfSameHosts | null>((a, b) => (a && a.start > b.start ? a : b), null)
  if (!latest || latest.rejectedLogins.length === 0) return []
  const rejected = before
    .flatMap(({ rejectedLogins }) => rejectedLogins)
    .filter((sighting) => sighting.time < time && time - sighting.time <= BAN_MEMORY_NS)
    .sort((a, b) => a.time - b.time)
  return rejected.length >= FEWEST_REJECTED ? rejected : []
}
