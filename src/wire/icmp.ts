import { u16be } from '../bytes/read.js'
import { isIcmpDamaged } from './checksum.js'
import type { Cursor } from './cursor.js'
import { malformed, truncated } from './cursor.js'
import { IpProtocol } from './ip-protocol.js'
import { FRAGMENT_OFFSET } from './ipv4.js'
import type { Packet } from './packet.js'
import { PacketKind } from './packet.js'
import { quotedSegment } from './quoted-segment.js'

const HEADER = 8
const IPV4_HEADER = 20
const FRAGMENTATION_NEEDED = 4

const DESTINATION_UNREACHABLE = 3
const SOURCE_QUENCH = 4
const REDIRECT = 5
const TIME_EXCEEDED = 11
const PARAMETER_PROBLEM = 12

/** ICMP error (RFC 792) with the IPv4 header and first bytes of the segment that it quotes. Others are `Other`. */
export function icmp(cursor: Cursor, packet: Packet): PacketKind {
  const { bytes, at, end } = cursor
  if (end - at < HEADER) {
    truncated(cursor, 'icmp-header', HEADER)
    return PacketKind.Other
  }
  const type = bytes[at]!
  const code = bytes[at + 1]!
  switch (type) {
    case DESTINATION_UNREACHABLE:
    case SOURCE_QUENCH:
    case REDIRECT:
    case TIME_EXCEEDED:
    case PARAMETER_PROBLEM:
      break
    default:
      return PacketKind.Other
  }
  if (end === cursor.wireEnd && isIcmpDamaged(bytes, at, end - at)) {
    malformed(cursor, 'icmp-checksum', 'wrong ICMP checksum: hosts drop it')
    return PacketKind.Other
  }
  const quoted = at + HEADER
  cursor.at = quoted
  if (end - quoted < IPV4_HEADER) {
    truncated(cursor, 'icmp-quote', IPV4_HEADER)
    return PacketKind.Other
  }
  const first = bytes[quoted]!
  const headerLength = (first & 0x0f) << 2
  if (first >> 4 !== 4 || headerLength < IPV4_HEADER) return PacketKind.Other
  // Only the first fragment has the ports.
  if (bytes[quoted + 9] !== IpProtocol.Tcp || (u16be(bytes, quoted + 6) & FRAGMENT_OFFSET) !== 0)
    return PacketKind.Other
  cursor.at = quoted + headerLength

  packet.icmpType = type
  packet.icmpCode = code
  // RFC 1191 §4; older routers leave the field zero.
  packet.icmpMtu = type === DESTINATION_UNREACHABLE && code === FRAGMENTATION_NEEDED ? u16be(bytes, at + 6) : 0
  packet.quotedSourceAt = quoted + 12
  packet.quotedDestinationAt = quoted + 16
  return quotedSegment(cursor, packet)
}
