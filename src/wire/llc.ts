import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

const SNAP = 0xaa
const IP = 0x06
const UNNUMBERED_INFORMATION = 0x03

/** IEEE 802.2 LLC, with SNAP or with the service access point of IP (RFC 1042). Anything else, as spanning tree, is none of ours. */
export function llc(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < 3 || bytes[at + 2] !== UNNUMBERED_INFORMATION) return Stop
  if (bytes[at] === IP && bytes[at + 1] === IP) {
    cursor.at = at + 3
    return EtherType.Ipv4
  }
  if (bytes[at] !== SNAP || bytes[at + 1] !== SNAP) return Stop
  if (cursor.end - at < 8) return truncated(cursor, 'snap-header', 8)
  // Organization 000000 means that an EtherType follows; 0000f8 is Cisco's and Apple's way to say the same.
  const organization = (bytes[at + 3]! << 16) | u16be(bytes, at + 4)
  if (organization !== 0 && organization !== 0x0000f8) return Stop
  cursor.at = at + 8
  return u16be(bytes, at + 6)
}
