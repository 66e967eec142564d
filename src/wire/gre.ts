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

/**
 * GRE header (RFC 2784, RFC 2890; version 1 of PPTP in RFC 2637 §4.1), and the ERSPAN header behind it where a switch mirrors
 * frames. Returns the EtherType of the payload.
 */
export function gre(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < 4) return truncated(cursor, 'gre-header', 4)
  const flags = u16be(bytes, at)
  // Source routing (RFC 1701) was never used and is ignored by RFC 2784.
  if ((flags & ROUTING) !== 0 || (flags & VERSION) > 1) return Stop
  let length = 4
  if ((flags & CHECKSUM) !== 0) length += 4
  if ((flags & KEY) !== 0) length += 4
  if ((flags & SEQUENCE) !== 0) length += 4
  if ((flags & VERSION) === 1 && (flags & ACKNOWLEDGMENT) !== 0) length += 4
  const protocol = u16be(bytes, at + 2)
  const erspan = erspanLength(cursor, protocol, at + length, flags)
  length += Math.max(0, erspan)
  if (cursor.end - at < length) return truncated(cursor, 'gre-header', length)
  cursor.at = at + length
  if (erspan >= 0) return EtherType.Ethernet
  // PPTP acknowledges with packets that have no payload.
  return cursor.at === cursor.end ? Stop : protocol
}

/** Length of the ERSPAN header (draft-foschiano-erspan): none in type I, which has no sequence number; -1 when it is not ERSPAN. */
function erspanLength(cursor: Cursor, protocol: number, at: number, flags: number): number {
  if (protocol === EtherType.ErspanType2) return (flags & SEQUENCE) !== 0 ? 8 : 0
  if (protocol !== EtherType.ErspanType3) return -1
  const hasSubheader = at + 12 <= cursor.end && (cursor.bytes[at + 11]! & 1) !== 0
  return hasSubheader ? 20 : 12
}
