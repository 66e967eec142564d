import { u16be } from '../../bytes/read.js'
import type { FrameDraft } from './frame-draft.js'

const ETHERNET = 1
const IPV4 = 0x0800
const HEADER = 8
const MAC = 6
const ADDRESS = 4

/** ARP of IPv4 over Ethernet (RFC 826); of other kinds nothing stays but the header. */
export function arp(draft: FrameDraft, at: number): void {
  const { before } = draft
  draft.keep(at, at + HEADER)
  if (at + HEADER > before.length || u16be(before, at) !== ETHERNET || u16be(before, at + 2) !== IPV4) return
  if (before[at + 4] !== MAC || before[at + 5] !== ADDRESS) return
  for (const host of [at + HEADER, at + HEADER + MAC + ADDRESS]) {
    draft.mac(host)
    draft.address(host + MAC, ADDRESS)
  }
}
