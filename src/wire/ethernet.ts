import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { truncated } from './cursor.js'
import { llc } from './llc.js'

const HEADER = 14
/** Smaller values of the type field are lengths (IEEE 802.3 §3.2.6): LLC follows. */
export const FIRST_ETHER_TYPE = 0x0600

/** Ethernet II or IEEE 802.3 header, without preamble; the IP length removes a trailing FCS. Returns the EtherType. */
export function ethernet(cursor: Cursor): number {
  const at = cursor.at
  if (cursor.end - at < HEADER) return truncated(cursor, 'ethernet-header', HEADER)
  cursor.at = at + HEADER
  const type = u16be(cursor.bytes, at + 12)
  return type < FIRST_ETHER_TYPE ? llc(cursor) : type
}
