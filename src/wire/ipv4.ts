import { byteCount } from '../bytes/byte-count.js'
import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { malformed, truncated } from './cursor.js'
import { Fragment } from './ip-protocol.js'
import type { Packet } from './packet.js'

const HEADER = 20
/** Flags and fragment offset share 16 bits; the offset is in units of 8 bytes. */
export const DONT_FRAGMENT = 0x4000
const MORE_FRAGMENTS = 0x2000
export const FRAGMENT_OFFSET = 0x1fff
/** Nonzero in fragments only. */
export const FRAGMENTED = MORE_FRAGMENTS | FRAGMENT_OFFSET

/**
 * IPv4 header (RFC 791 §3.1). Narrows the cursor to the packet, which drops padding and trailers after it, and returns
 * the protocol, `Fragment` or `Stop`. The checksum is not verified: a sender that offloads it captures it blank.
 */
export function ipv4(cursor: Cursor, packet: Packet): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'ipv4-header', HEADER)
  const first = bytes[at]!
  const headerLength = (first & 0x0f) << 2
  if (first >> 4 !== 4) return malformed(cursor, 'ipv4-version', `version ${first >> 4} instead of 4`)
  if (headerLength < HEADER)
    return malformed(cursor, 'ipv4-header-length', `header length ${headerLength} is less than ${HEADER}`)
  const totalLength = u16be(bytes, at + 2)
  // Segmentation offload leaves the length zero in a segment that the network card will split: use the frame's length.
  if (totalLength !== 0) {
    if (totalLength < headerLength)
      return malformed(
        cursor,
        'ipv4-total-length',
        `total length ${totalLength} is less than header length ${headerLength}`,
      )
    const wireEnd = at + totalLength
    if (wireEnd > cursor.wireEnd) lengthBeyondFrame(cursor, 'ipv4', totalLength)
    cursor.wireEnd = wireEnd
    if (cursor.end > wireEnd) cursor.end = wireEnd
  }
  if (cursor.end - at < headerLength) return truncated(cursor, 'ipv4-options', headerLength)
  cursor.at = at + headerLength

  const fragmentation = u16be(bytes, at + 6)
  packet.version = 4
  packet.sourceAt = at + 12
  packet.destinationAt = at + 16
  packet.hopLimit = bytes[at + 8]!
  packet.identification = u16be(bytes, at + 4)
  packet.dontFragment = (fragmentation & DONT_FRAGMENT) !== 0
  const protocol = bytes[at + 9]!
  if ((fragmentation & FRAGMENTED) === 0) return protocol

  cursor.fragmentOffset = (fragmentation & FRAGMENT_OFFSET) << 3
  cursor.moreFragments = (fragmentation & MORE_FRAGMENTS) !== 0
  cursor.fragmentProtocol = protocol
  return Fragment
}

/** The header's length is used: some capture tools get the frame's length wrong, hosts rarely their own packet's. */
export function lengthBeyondFrame(cursor: Cursor, name: string, length: number): void {
  const available = cursor.wireEnd - cursor.at
  const offset = cursor.at - cursor.start
  cursor.anomalies.record(
    `${name}-length-beyond-frame`,
    cursor.frame,
    () => `${name} packet at offset ${offset} has length ${length}, but the frame has ${byteCount(available)} left`,
  )
}
