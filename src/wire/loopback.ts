import { u16le, u32be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

const HEADER = 4

/**
 * BSD loopback header: the address family in the byte order of the capturing host (link type 0) or in network order
 * (108). Families are small numbers, so the half that is not zero gives the byte order.
 */
export function loopback(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'loopback-header', HEADER)
  cursor.at = at + HEADER
  const bigEndian = u32be(bytes, at)
  switch (bigEndian > 0xffff ? u16le(bytes, at) : bigEndian) {
    case 2:
      return EtherType.Ipv4
    case 10: // Linux
    case 23: // Windows
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // macOS
      return EtherType.Ipv6
    default:
      return Stop
  }
}
