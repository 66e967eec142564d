/** Facts of a connection that only few packets add to: handshake, resets, ICMP errors. */
import { addressText } from '../wire/address.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { type Connection, Direction, isUnanswered, SIGHTINGS, type Sighting } from './connection.js'

export function sighting(packet: Packet): Sighting {
  return { frame: packet.frame, time: packet.time }
}

/** A SYN, or a SYN,ACK. */
export function noteSyn(connection: Connection, packet: Packet, direction: Direction): void {
  const flow = connection.flows[direction]
  flow.maximumSegmentSize = packet.maximumSegmentSize
  flow.windowScale = packet.windowScale
  flow.sackPermitted = packet.sackPermitted
  flow.timestampValue = packet.timestampValue
  if (packet.flags & TcpFlag.Ack) {
    connection.synAckAttempts++
    connection.synAcks = withSighting(connection.synAcks, packet)
  } else if (direction === Direction.FromInitiator) {
    connection.midstream = false
    connection.synAttempts++
    connection.syns = withSighting(connection.syns, packet)
  }
}

/** A RST: the first few are kept as evidence, with the fields that identify their sender. */
export function noteReset(connection: Connection, packet: Packet, direction: Direction, outsideWindow: boolean): void {
  connection.resetCount++
  if (outsideWindow) connection.resetsOutside++
  if (connection.resets.length < SIGHTINGS) {
    connection.resets.push({
      ...sighting(packet),
      direction,
      hopLimit: packet.hopLimit,
      identification: packet.identification,
      window: packet.window,
      answersSyn: direction === Direction.FromResponder && isUnanswered(connection),
      outsideWindow,
    })
  }
  connection.closedBy ??= { direction, how: 'rst' }
}

/** The RSTs so far were not taken: both hosts go on. */
export function forgetResets(connection: Connection): void {
  connection.resets = []
  connection.resetCount = 0
  connection.resetsOutside = 0
  closedAnew(connection)
}

/** A FIN, `offset` bytes after the first one of its direction. */
export function noteFin(connection: Connection, packet: Packet, direction: Direction, offset: number): void {
  const flow = connection.flows[direction]
  // A stream cannot end before it began: such a number is damaged, or from an earlier connection.
  if (flow.fin || offset + packet.payloadLength < 0) return
  flow.fin = sighting(packet)
  flow.finOffset = offset + packet.payloadLength
  flow.finNumbers = [(packet.sequence + packet.payloadLength) >>> 0, packet.acknowledgment]
  connection.closedBy ??= { direction, how: 'fin' }
}

/** A FIN was not taken: its sender goes on, and its bytes are acknowledged. */
export function forgetFin(connection: Connection, direction: Direction): void {
  const flow = connection.flows[direction]
  flow.fin = null
  flow.finOffset = -1
  flow.finNumbers = null
  closedAnew(connection)
}

/** Who closed first, by what is left. */
function closedAnew(connection: Connection): void {
  const closings: ((Sighting & { direction: Direction; how: 'fin' | 'rst' }) | null)[] = [
    ...[Direction.FromInitiator, Direction.FromResponder].map((direction) => {
      const { fin } = connection.flows[direction]
      return fin && { ...fin, direction, how: 'fin' as const }
    }),
    ...connection.resets.slice(0, 1).map((reset) => ({ ...reset, how: 'rst' as const })),
  ]
  connection.closedBy = null
  let first = Infinity
  for (const closing of closings) {
    if (!closing || closing.frame >= first) continue
    first = closing.frame
    connection.closedBy = { direction: closing.direction, how: closing.how }
  }
}

/**
 * An ICMP error that quotes a packet of the connection, sent in direction `quoted`: the first few are kept as evidence.
 */
export function noteIcmpError(connection: Connection, packet: Packet, quoted: Direction): void {
  if (connection.icmpErrors.length >= SIGHTINGS) return
  connection.icmpErrors.push({
    ...sighting(packet),
    version: packet.version === 6 ? 6 : 4,
    type: packet.icmpType,
    code: packet.icmpCode,
    from: addressText(packet.bytes, packet.sourceAt, packet.version),
    hopLimit: packet.hopLimit,
    quoted,
    mtu: packet.icmpMtu,
    quotesSyn: quoted === Direction.FromInitiator && isUnanswered(connection),
  })
}

/** The list with one more. Most lists have one, and an array that something is pushed into has room for many. */
function withSighting(list: Sighting[], packet: Packet): Sighting[] {
  if (list.length === 0) return [sighting(packet)]
  if (list.length < SIGHTINGS) list.push(sighting(packet))
  return list
}
