import type { Cursor } from './cursor.js'
import { EtherType, etherTypeByVersion } from './ether-type.js'
import { ethernet } from './ethernet.js'
import { linuxCookedV1, linuxCookedV2 } from './linux-cooked.js'
import { loopback } from './loopback.js'
import { ppp } from './ppp.js'
import { pppoe } from './pppoe.js'

interface LinkType {
  /** As Wireshark users know it. */
  name: string
  /** Reads the link header and returns the EtherType of what follows; `null` if it is not decoded. */
  header: ((cursor: Cursor) => number) | null
}

/** LINKTYPE_ value of Ethernet. */
export const ETHERNET = 1

/** Link types by LINKTYPE_ value (https://www.tcpdump.org/linktypes.html): those decoded, and others to be named. */
const LINK_TYPES = new Map<number, LinkType>([
  [0, { name: 'BSD loopback', header: loopback }],
  [ETHERNET, { name: 'Ethernet', header: ethernet }],
  [6, { name: 'Token Ring', header: null }],
  [9, { name: 'PPP', header: ppp }],
  [10, { name: 'FDDI', header: null }],
  // Raw IP: 101 is the value in files; some writers use the DLT_ values 12 and 14 instead.
  [12, { name: 'raw IP', header: etherTypeByVersion }],
  [14, { name: 'raw IP', header: etherTypeByVersion }],
  [50, { name: 'PPP over serial', header: ppp }],
  [51, { name: 'PPPoE', header: pppoe }],
  [101, { name: 'raw IP', header: etherTypeByVersion }],
  [105, { name: 'IEEE 802.11', header: null }],
  [107, { name: 'Frame Relay', header: null }],
  [108, { name: 'OpenBSD loopback', header: loopback }],
  [113, { name: 'Linux cooked', header: linuxCookedV1 }],
  [119, { name: 'IEEE 802.11 with Prism header', header: null }],
  [127, { name: 'IEEE 802.11 with radiotap header', header: null }],
  [163, { name: 'IEEE 802.11 with AVS header', header: null }],
  [187, { name: 'Bluetooth HCI', header: null }],
  [189, { name: 'USB', header: null }],
  [192, { name: 'per-packet information', header: null }],
  [195, { name: 'IEEE 802.15.4', header: null }],
  [201, { name: 'Bluetooth HCI', header: null }],
  [220, { name: 'USB', header: null }],
  [228, { name: 'raw IPv4', header: () => EtherType.Ipv4 }],
  [229, { name: 'raw IPv6', header: () => EtherType.Ipv6 }],
  [249, { name: 'USB', header: null }],
  [253, { name: 'netlink', header: null }],
  [276, { name: 'Linux cooked v2', header: linuxCookedV2 }],
])

/** The entry of a link type; `undefined` if it is not in the table. */
export function linkTypeOf(value: number): LinkType | undefined {
  return LINK_TYPES.get(value)
}

/** Its name; `link type 4711` without one. */
export function linkTypeName(value: number): string {
  return linkTypeOf(value)?.name ?? `link type ${value}`
}
