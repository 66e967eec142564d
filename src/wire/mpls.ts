import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType, etherTypeByVersion } from './ether-type.js'

const ENTRY = 4

/**
 * MPLS label stack (RFC 3032 §2.1). It does not say what follows; as in Wireshark, the first nibble decides: 4 and 6
 * are IP, 0 is the control word of a pseudowire (RFC 4385 §3), assumed to carry Ethernet (RFC 4448).
 */
export function mpls(cursor: Cursor): number {
  const { bytes, end } = cursor
  let at = cursor.at
  let bottom = false
  while (!bottom) {
    if (end - at < ENTRY) {
      cursor.at = at
      return truncated(cursor, 'mpls-label', ENTRY)
    }
    bottom = (bytes[at + 2]! & 1) !== 0
    at += ENTRY
  }
  cursor.at = at
  if (end - at < ENTRY) return Stop
  if (bytes[at]! >> 4 !== 0) return etherTypeByVersion(cursor)
  cursor.at = at + ENTRY
  return EtherType.Ethernet
}
