import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

/** Address, control and protocol. */
const HEADER = 4
const ALL_STATIONS = 0xff
const UNNUMBERED_INFORMATION = 0x03
/** Address fields of Cisco HDLC, which shares link type 50 with PPP: unicast and broadcast. */
const CISCO_UNICAST = 0x0f
const CISCO_BROADCAST = 0x8f

/** PPP in HDLC-like framing (RFC 1662 §3.1), whose address and control fields may be compressed away, or Cisco HDLC. */
export function ppp(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'ppp-header', HEADER)
  if (bytes[at] === CISCO_UNICAST || bytes[at] === CISCO_BROADCAST) {
    cursor.at = at + HEADER
    return u16be(bytes, at + 2)
  }
  if (bytes[at] === ALL_STATIONS && bytes[at + 1] === UNNUMBERED_INFORMATION) cursor.at = at + 2
  return pppProtocol(cursor)
}

/** The protocol field, one byte if compressed: only the last byte of a protocol number is odd (RFC 1661 §2). */
export function pppProtocol(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < 2) return truncated(cursor, 'ppp-protocol', 2)
  const compressed = (bytes[at]! & 1) !== 0
  cursor.at = at + (compressed ? 1 : 2)
  switch (compressed ? bytes[at] : u16be(bytes, at)) {
    case 0x0021:
      return EtherType.Ipv4
    case 0x0057:
      return EtherType.Ipv6
    case 0x0281:
      return EtherType.MplsUnicast
    case 0x0283:
      return EtherType.MplsMulticast
    default:
      return Stop
  }
}
