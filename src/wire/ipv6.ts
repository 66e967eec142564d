import { u16be, u32be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { malformed, truncated } from './cursor.js'
import { IpProtocol } from './ip-protocol.js'
import { lengthBeyondFrame } from './ipv4.js'
import { ipv6Extensions } from './ipv6-extensions.js'
import type { Packet } from './packet.js'

const HEADER = 40
const JUMBO_PAYLOAD = 0xc2

/** IPv6 header and its extension headers (RFC 8200 §3, §4). Returns the upper-layer protocol, `Fragment` or `Stop`. */
export function ipv6(cursor: Cursor, packet: Packet): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'ipv6-header', HEADER)
  const version = bytes[at]! >> 4
  if (version !== 6) return malformed(cursor, 'ipv6-version', `version ${version} instead of 6`)
  const nextHeader = bytes[at + 6]!
  let payloadLength = u16be(bytes, at + 4)
  if (payloadLength === 0 && nextHeader === IpProtocol.HopByHopOptions) payloadLength = jumboPayloadLength(cursor)
  // Zero without the jumbo option: segmentation offload beyond 64 KiB; use the frame's length.
  if (payloadLength !== 0) {
    const wireEnd = at + HEADER + payloadLength
    if (wireEnd > cursor.wireEnd) lengthBeyondFrame(cursor, 'ipv6', HEADER + payloadLength)
    cursor.wireEnd = wireEnd
    if (cursor.end > wireEnd) cursor.end = wireEnd
  }
  cursor.at = at + HEADER

  const protocol = ipv6Extensions(cursor, nextHeader)
  packet.version = 6
  packet.sourceAt = at + 8
  packet.destinationAt = cursor.finalDestinationAt < 0 ? at + 24 : cursor.finalDestinationAt
  packet.hopLimit = bytes[at + 7]!
  packet.identification = cursor.fragmentIdentification
  packet.dontFragment = false
  return protocol
}

/** Payload length of a jumbogram (RFC 2675 §2), from the hop-by-hop options after the header; 0 without the option. */
function jumboPayloadLength(cursor: Cursor): number {
  const { bytes, end } = cursor
  const options = cursor.at + HEADER
  if (end - options < 8) return 0
  const optionsEnd = Math.min(end, options + ((bytes[options + 1]! + 1) << 3))
  for (let at = options + 2; at + 6 <= optionsEnd;) {
    if (bytes[at] === JUMBO_PAYLOAD && bytes[at + 1] === 4) {
      const length = u32be(bytes, at + 2)
      return length > 0xffff ? length : 0
    }
    at += bytes[at] === 0 ? 1 : 2 + bytes[at + 1]! // 0 is Pad1, the only option without a length
  }
  return 0
}
