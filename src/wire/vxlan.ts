import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

const UDP_HEADER = 8
const HEADERS = UDP_HEADER + 8
const PORT = 4789
/** Set when the network identifier is valid, as it must be (RFC 7348 §5). */
const IDENTIFIER_VALID = 0x08

/** UDP header, and a VXLAN header if the port is VXLAN's. Returns the payload's EtherType; `Stop` for other UDP. */
export function vxlan(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < UDP_HEADER) return truncated(cursor, 'udp-header', UDP_HEADER)
  if (u16be(bytes, at + 2) !== PORT) return Stop
  if (cursor.end - at < HEADERS) return truncated(cursor, 'vxlan-header', HEADERS)
  if ((bytes[at + UDP_HEADER]! & IDENTIFIER_VALID) === 0) return Stop
  cursor.at = at + HEADERS
  return EtherType.Ethernet
}
