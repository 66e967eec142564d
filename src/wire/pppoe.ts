import type { Cursor } from './cursor.js'
import { Stop, truncated } from './cursor.js'
import { pppProtocol } from './ppp.js'

const HEADER = 6
const VERSION_AND_TYPE = 0x11
const SESSION_DATA = 0

/** PPPoE session header (RFC 2516 §4). Its length is not needed: the IP header has its own. */
export function pppoe(cursor: Cursor): number {
  const { bytes, at } = cursor
  if (cursor.end - at < HEADER) return truncated(cursor, 'pppoe-header', HEADER)
  if (bytes[at] !== VERSION_AND_TYPE || bytes[at + 1] !== SESSION_DATA) return Stop
  cursor.at = at + HEADER
  return pppProtocol(cursor)
}
