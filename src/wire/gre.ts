import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { EtherType } from './ether-type.js'

const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGMENT = 0x0080
const VERSION = 0x0007
/** Length of the fixed header, and of each optional field. */
const HEADER = 4
const FIELD = 4
/** ERSPAN headers (draft-foschiano-erspan): type III may have a subheader of 8 bytes. */
const ERSPAN_II = 8
const ERSPAN_III = 12
const ERSPAN_SUBHEADER = 8

/**
 * GRE header (RFC 2784, RFC 2890; version 1 of PPTP in RFC 2637 §4.1), and the ERSPAN header after it where a switch
 * mirrors frames. Returns the EtherType of the payload.
 */
export function gre(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'gre-header', HEADER)
  const flags = u16be(bytes, at)
  // Source routing (RFC 1701) was never used; RFC 2784 ignores it.
  if ((flags & ROUTING) !== 0 || (flags & VERSION) > 1) return Stop
  let length = HEADER
  if ((flags & CHECKSUM) !== 0) length += FIELD
  if ((flags & KEY) !== 0) length += FIELD
  if ((flags & SEQUENCE) !== 0) length += FIELD
  if ((flags & VERSION) === 1 && (flags & ACKNOWLEDGMENT) !== 0) length += FIELD
  const protocol = u16be(bytes, at + 2)
  const erspan = erspanLength(cursor, protocol, at + length, flags)
  length += Math.max(0, erspan)
  if (cursor.end - at < length) return truncated(cursor, 'gre-header', length)
  cursor.at = at + length
  if (erspan >= 0) return EtherType.Ethernet
  // PPTP acknowledgments have no payload.
  return cursor.at === cursor.end ? Stop : protocol
}

/** Length of the ERSPAN header: 0 for type I, which has no sequence number; -1 when it is not ERSPAN. */
function erspanLength(cursor: Cursor, protocol: number, at: number, flags: number): number {
  if (protocol === EtherType.ErspanType2) return (flags & SEQUENCE) !== 0 ? ERSPAN_II : 0
  if (protocol !== EtherType.ErspanType3) return -1
  const hasSubheader = at + ERSPAN_III <= cursor.end && (cursor.bytes[at + 11]! & 1) !== 0
  return hasSubheader ? ERSPAN_III + ERSPAN_SUBHEADER : ERSPAN_III
}
