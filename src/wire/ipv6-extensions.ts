import { u16be, u32be } from '../bytes/read.js'
import { IPV6_LENGTH } from './address.js'
import type { Cursor } from './cursor.js'
import { truncated } from './cursor.js'
import { Fragment, IpProtocol } from './ip-protocol.js'

const FRAGMENT_HEADER = 8
/** Fragment offset in bytes, and the M flag (RFC 8200 §4.5). */
const FRAGMENT_OFFSET = 0xfff8
const MORE_FRAGMENTS = 0x0001
/** Minimum length of extension headers. */
const LEAST = 8
const ROUTING_HEADER = 8

/**
 * Skips extension headers (RFC 8200 §4), the first of which has type `nextHeader`. Returns the upper-layer protocol,
 * `Fragment` after the header of a fragment, or `Stop`. Each header takes 8 bytes or more, which bounds the loop.
 */
export function ipv6Extensions(cursor: Cursor, nextHeader: number): number {
  cursor.finalDestinationAt = -1
  cursor.fragmentIdentification = 0
  for (let next = nextHeader; ;) {
    switch (next) {
      case IpProtocol.HopByHopOptions:
      case IpProtocol.Ipv6Routing:
      case IpProtocol.DestinationOptions:
      case IpProtocol.AuthenticationHeader:
      case IpProtocol.Mobility:
      case IpProtocol.HostIdentity:
      case IpProtocol.Shim6: {
        const { bytes, at } = cursor
        if (cursor.end - at < LEAST) return truncated(cursor, 'ipv6-extension-header', LEAST)
        const units = bytes[at + 1]!
        // The authentication header's length is in 4-byte units minus 2 (RFC 4302 §2.2), the others' in 8-byte units
        // minus 1.
        const length = next === IpProtocol.AuthenticationHeader ? (units + 2) << 2 : (units + 1) << 3
        if (cursor.end - at < length) return truncated(cursor, 'ipv6-extension-header', length)
        if (next === IpProtocol.Ipv6Routing) routing(cursor, length)
        next = bytes[at]!
        cursor.at = at + length
        break
      }
      case IpProtocol.Ipv6Fragment: {
        const { bytes, at } = cursor
        if (cursor.end - at < FRAGMENT_HEADER) return truncated(cursor, 'ipv6-fragment-header', FRAGMENT_HEADER)
        const fragmentation = u16be(bytes, at + 2)
        next = bytes[at]!
        cursor.fragmentIdentification = u32be(bytes, at + 4)
        cursor.at = at + FRAGMENT_HEADER
        // An atomic fragment (RFC 6946) is a complete packet.
        if ((fragmentation & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) === 0) break
        cursor.fragmentOffset = fragmentation & FRAGMENT_OFFSET
        cursor.moreFragments = (fragmentation & MORE_FRAGMENTS) !== 0
        cursor.fragmentProtocol = next
        return Fragment
      }
      default:
        return next
    }
  }
}

/**
 * While segments are left, the address in the IPv6 header is that of the next hop; the destination that TCP uses is in
 * the routing header: the last address of type 0 (RFC 2460 §4.4), the only one of type 2 (RFC 6275 §6.4), the first one
 * of type 4 (RFC 8754 §2).
 */
function routing(cursor: Cursor, length: number): void {
  const { bytes, at } = cursor
  if (bytes[at + 3] === 0 || length < ROUTING_HEADER + IPV6_LENGTH) return
  const type = bytes[at + 2]!
  if (type === 0) {
    const addresses = Math.floor((length - ROUTING_HEADER) / IPV6_LENGTH)
    cursor.finalDestinationAt = at + ROUTING_HEADER + (addresses - 1) * IPV6_LENGTH
  } else if (type === 2 || type === 4) cursor.finalDestinationAt = at + ROUTING_HEADER
}

/** Authentication header of an IPv4 packet (RFC 4302 §2). Returns the protocol that follows it. */
export function authenticationHeader(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < LEAST) return truncated(cursor, 'authentication-header', LEAST)
  const length = (bytes[at + 1]! + 2) << 2
  if (cursor.end - at < length) return truncated(cursor, 'authentication-header', length)
  cursor.at = at + length
  return bytes[at]!
}
