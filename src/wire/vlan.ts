import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { truncated } from './cursor.js'
import { FIRST_ETHER_TYPE } from './ethernet.js'
import { llc } from './llc.js'

const TAG = 4

/** The rest of a VLAN tag (IEEE 802.1Q §9.6) after its EtherType: control information and the next EtherType. */
export function vlan(cursor: Cursor): number {
  const at = cursor.at
  if (cursor.end - at < TAG) return truncated(cursor, 'vlan-tag', TAG)
  cursor.vlan = u16be(cursor.bytes, at) & 0x0fff
  cursor.at = at + TAG
  const type = u16be(cursor.bytes, at + 2)
  return type < FIRST_ETHER_TYPE ? llc(cursor) : type
}
