import { u16be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { truncated } from './cursor.js'
import { FIRST_ETHER_TYPE } from './ethernet.js'
import { llc } from './llc.js'

const HEADER_V1 = 16
const HEADER_V2 = 20

/** Linux cooked capture v1 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html), as from the `any` device. */
export function linuxCookedV1(cursor: Cursor): number {
  const at = cursor.at
  if (cursor.end - at < HEADER_V1) return truncated(cursor, 'linux-cooked-header', HEADER_V1)
  cursor.at = at + HEADER_V1
  return cookedProtocol(cursor, u16be(cursor.bytes, at + 14))
}

/** Linux cooked capture v2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html). */
export function linuxCookedV2(cursor: Cursor): number {
  const at = cursor.at
  if (cursor.end - at < HEADER_V2) return truncated(cursor, 'linux-cooked-header', HEADER_V2)
  cursor.at = at + HEADER_V2
  return cookedProtocol(cursor, u16be(cursor.bytes, at))
}

/** The protocol field is an EtherType or one of Linux's own small numbers, of which only LLC can carry IP. */
function cookedProtocol(cursor: Cursor, protocol: number): number {
  return protocol < FIRST_ETHER_TYPE ? llc(cursor) : protocol
}
