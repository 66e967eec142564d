import type { Cursor } from './cursor.js'
import { Stop } from './cursor.js'

/** EtherTypes that can lead to TCP (https://www.iana.org/assignments/ieee-802-numbers). Each link header yields one. */
export const EtherType = {
  Ipv4: 0x0800,
  /** Transparent Ethernet bridging: an Ethernet frame follows. */
  Ethernet: 0x6558,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  MplsUnicast: 0x8847,
  MplsMulticast: 0x8848,
  PppoeSession: 0x8864,
  /** PPP, as in GRE (RFC 2637 §4.1). */
  Ppp: 0x880b,
  ErspanType2: 0x88be,
  ErspanType3: 0x22eb,
  ServiceVlan: 0x88a8,
  /** QinQ tags from before IEEE 802.1ad assigned 88a8. */
  OldServiceVlan1: 0x9100,
  OldServiceVlan2: 0x9200,
} as const

/** EtherType of ARP (RFC 826), which leads no further. */
export const ARP = 0x0806

/** EtherType of an IP packet, by its version field. */
export function etherTypeByVersion(cursor: Cursor): number {
  if (cursor.at >= cursor.end) return Stop
  const version = cursor.bytes[cursor.at]! >> 4
  return version === 4 ? EtherType.Ipv4 : version === 6 ? EtherType.Ipv6 : Stop
}
