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
export function noteReset(connection: Connection, packet: Packet, direction: Direction): void {
  connection.resetCount++
  if (connection.resets.length < SIGHTINGS) {
    connection.resets.push({
      ...sighting(packet),
      direction,
      hopLimit: packet.hopLimit,
      identification: packet.identification,
      window: packet.window,
      answersSyn: direction === Direction.FromResponder && isUnanswered(connection),
    })
  }
  connection.closedBy ??= { direction, how: 'rst' }
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
