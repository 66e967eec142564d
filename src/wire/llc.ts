import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

const SNAP = 0xaa
const IP = 0x06
const UNNUMBERED_INFORMATION = 0x03
const LLC_HEADER = 3
const SNAP_HEADER = 8
/** SNAP organizations after which an EtherType follows: RFC 1042's, and one that Cisco and Apple use likewise. */
const ENCAPSULATED_ETHERNET = 0x000000
const ENCAPSULATED_ETHERNET_ALSO = 0x0000f8

/** IEEE 802.2 LLC, with SNAP or the service access point of IP (RFC 1042). Others, as spanning tree, are ignored. */
export function llc(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < LLC_HEADER || bytes[at + 2] !== UNNUMBERED_INFORMATION) return Stop
  if (bytes[at] === IP && bytes[at + 1] === IP) {
    cursor.at = at + LLC_HEADER
    return EtherType.Ipv4
  }
  if (bytes[at] !== SNAP || bytes[at + 1] !== SNAP) return Stop
  if (cursor.end - at < SNAP_HEADER) return truncated(cursor, 'snap-header', SNAP_HEADER)
  const organization = (bytes[at + 3]! << 16) | u16be(bytes, at + 4)
  if (organization !== ENCAPSULATED_ETHERNET && organization !== ENCAPSULATED_ETHERNET_ALSO) return Stop
  cursor.at = at + SNAP_HEADER
  return u16be(bytes, at + 6)
}
