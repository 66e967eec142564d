import { u32be } from '../bytes/read.js'
import { isIcmpv6Damaged } from './checksum.js'
import type { Cursor } from './cursor.js'
import { malformed, truncated } from './cursor.js'
import { Fragment, IpProtocol } from './ip-protocol.js'
import { ipv6Extensions } from './ipv6-extensions.js'
import type { Packet } from './packet.js'
import { PacketKind } from './packet.js'
import { quotedSegment } from './quoted-segment.js'

const HEADER = 8
const IPV6_HEADER = 40

const DESTINATION_UNREACHABLE = 1
const PACKET_TOO_BIG = 2
const PARAMETER_PROBLEM = 4

/** ICMPv6 error (RFC 4443 §3) with the IPv6 headers and first bytes of the segment that it quotes. Others: `Other`. */
export function icmpv6(cursor: Cursor, packet: Packet): PacketKind {
  const { bytes, at, end } = cursor
  if (end - at < HEADER) {
    truncated(cursor, 'icmpv6-header', HEADER)
    return PacketKind.Other
  }
  const type = bytes[at]!
  // The errors are 1 to 4: unreachable, too big, time exceeded, parameter problem.
  if (type < DESTINATION_UNREACHABLE || type > PARAMETER_PROBLEM) return PacketKind.Other
  if (end === cursor.wireEnd && isIcmpv6Damaged(packet, at, end - at)) {
    malformed(cursor, 'icmpv6-checksum', 'wrong ICMPv6 checksum: hosts drop it')
    return PacketKind.Other
  }
  const quoted = at + HEADER
  cursor.at = quoted
  if (end - quoted < IPV6_HEADER) {
    truncated(cursor, 'icmpv6-quote', IPV6_HEADER)
    return PacketKind.Other
  }
  if (bytes[quoted]! >> 4 !== 6) return PacketKind.Other
  cursor.at = quoted + IPV6_HEADER
  let protocol = ipv6Extensions(cursor, bytes[quoted + 6]!)
  // Only the first fragment has the ports.
  if (protocol === Fragment && cursor.fragmentOffset === 0) protocol = cursor.fragmentProtocol
  if (protocol !== IpProtocol.Tcp) return PacketKind.Other

  packet.icmpType = type
  packet.icmpCode = bytes[at + 1]!
  packet.icmpMtu = type === PACKET_TOO_BIG ? u32be(bytes, at + 4) : 0
  packet.quotedSourceAt = quoted + 8
  packet.quotedDestinationAt = cursor.finalDestinationAt < 0 ? quoted + 24 : cursor.finalDestinationAt
  return quotedSegment(cursor, packet)
}
