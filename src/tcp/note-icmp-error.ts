import { addressText } from '../wire/address.js'
import type { Packet } from '../wire/packet.js'
import { type Connection, Direction, isUnanswered, SIGHTINGS } from './connection.js'

/** An ICMP error that quotes a packet of the connection, sent in direction `quoted`: kept as evidence, the first few of them. */
export function noteIcmpError(connection: Connection, packet: Packet, quoted: Direction): void {
  if (connection.icmpErrors.length >= SIGHTINGS) return
  connection.icmpErrors.push({
    frame: packet.frame,
    time: packet.time,
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
