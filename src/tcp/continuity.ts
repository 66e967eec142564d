/** Whether packets belong to the connection that was followed so far, by their sequence numbers. */
import { type Packet, TcpFlag } from '../wire/packet.js'
import { type Connection, type Direction, opposite } from './connection.js'
import type { ConnectionRows } from './connection-rows.js'
import type { EndedConnection } from './connection-registry.js'
import type { FollowedConnection } from './followed-connection.js'
import { isUnrelated, LEAST_QUIET_NS } from './reused-ports.js'

/** Bytes between two packets of one sender that a capture may lack. */
const MAX_STEP = 2 ** 24

/** Whether a packet after a silence belongs to another connection on the same ports, whose SYN was not captured. */
export function isOfAnother({ connection, spaces }: FollowedConnection, packet: Packet, direction: Direction): boolean {
  if (!(packet.flags & TcpFlag.Ack) || packet.flags & TcpFlag.Rst) return false
  const peer = opposite(direction)
  const { flows, last, closed } = connection
  const space = spaces[direction]
  if (!space.known || !spaces[peer].known) return false
  const ahead = space.peek(packet.sequence) - flows[direction].end
  const acknowledges = spaces[peer].peek(packet.acknowledgment) - flows[peer].acknowledged
  return isUnrelated(ahead, acknowledges, packet.time - last.time, closed)
}

/** The same where the connection is over, and only its last sequence numbers are known. */
export function isAfter(ended: EndedConnection, packet: Packet, direction: Direction): boolean {
  if (!(packet.flags & TcpFlag.Ack) || packet.flags & TcpFlag.Rst) return false
  const ahead = (packet.sequence - ended.sequences[direction]) | 0
  const acknowledges = (packet.acknowledgment - ended.sequences[opposite(direction)]) | 0
  return isUnrelated(ahead, acknowledges, packet.time - ended.time, ended.closed)
}

/** Whether the hosts may go on after a SYN with another number; bulk data that has ceased counts as over. */
export function mayGoOn({ connection, reader }: FollowedConnection, time: number): boolean {
  const { flows, closed, last } = connection
  if (closed) return false
  const quiet = time - last.time > LEAST_QUIET_NS
  if (reader === null && (quiet || flows[0].fin || flows[1].fin)) return false
  return hasBegun(connection) || !quiet
}

/** The handshake is over. */
export function hasBegun({ flows, established, midstream }: Connection): boolean {
  return established !== null || midstream || flows[0].dataSegments > 0 || flows[1].dataSegments > 0
}

/** Whether a host can have sent a sequence number that an ICMP error quotes (RFC 5927 §4.1). */
export function hasSent({ connection, spaces }: FollowedConnection, sequence: number, direction: Direction): boolean {
  const space = spaces[direction]
  if (!space.known) return true
  const { end, acknowledged, fin, largestSegment } = connection.flows[direction]
  const offset = space.peek(sequence)
  return offset >= -1 && offset <= Math.max(end, acknowledged) + (fin ? 1 : 0) + largestSegment
}

/** Whether a packet goes on with the numbers of this connection. */
export function goesOn({ connection, spaces }: FollowedConnection, packet: Packet, direction: Direction): boolean {
  return Math.abs(spaces[direction].peek(packet.sequence) - connection.flows[direction].end) < MAX_STEP
}

/** Of the SYN, or one less than the first sequence number of a direction captured from its middle. */
export function initialSequence(packet: Packet): number {
  return packet.flags & TcpFlag.Syn ? packet.sequence : (packet.sequence - 1) >>> 0
}

/** A SYN that was not taken may have left its number in the row of an ignored connection. */
export function correctSequences(rows: ConnectionRows, row: number, packet: Packet, direction: Direction): void {
  if (Math.abs((packet.sequence - rows.sequence(row, direction)) | 0) > MAX_STEP)
    rows.setSequence(row, direction, (packet.sequence - 1) >>> 0)
  const peer = opposite(direction)
  if (packet.flags & TcpFlag.Ack && Math.abs((packet.acknowledgment - rows.sequence(row, peer)) | 0) > MAX_STEP)
    rows.setSequence(row, peer, (packet.acknowledgment - 1) >>> 0)
}
