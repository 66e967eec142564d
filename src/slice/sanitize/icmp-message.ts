import { u16be, u32be } from '../../bytes/read.js'
import type { Cursor } from '../../wire/cursor.js'
import { Fragment, IpProtocol } from '../../wire/ip-protocol.js'
import { FRAGMENT_OFFSET } from '../../wire/ipv4.js'
import { ipv6Extensions } from '../../wire/ipv6-extensions.js'
import { Packet } from '../../wire/packet.js'
import type { FrameDraft } from './frame-draft.js'
import { ipv4Header, ipv6Headers, tcpHeader } from './internet-headers.js'
import { keyOf, pseudoHeader } from './packet-parts.js'
import type { Payload } from './payloads.js'

const HEADER = 8
const IPV4_HEADER = 20
const IPV6_HEADER = 40
const REDIRECT = 5
/** Types of ICMP that quote a packet (RFC 792); of ICMPv6 those up to 4 (RFC 4443). */
const QUOTING: ReadonlySet<number> = new Set([3, 4, REDIRECT, 11, 12])
const LAST_ERROR_V6 = 4
/** Neighbor discovery (RFC 4861 §4): the first option of each message, and the target address. */
const OPTIONS_AT = new Map([
  [133, 8],
  [134, 16],
  [135, 24],
  [136, 24],
  [137, 40],
])
const LINK_LAYER = new Set([1, 2])
const PREFIX = 3
const PORTS_AND_SEQUENCE = 8
const UP_TO_FLAGS = 14

type Quote = (payload: Payload, out: Uint8Array) => void

/** An ICMP message at the cursor: type, code and numbers stay, quoted packets are rewritten, contents are zeros. */
export function icmpMessage(draft: FrameDraft, cursor: Cursor, packet: Packet, quote: Quote): void {
  const { at, end, wireEnd } = cursor
  const { version, sourceAt, destinationAt } = packet
  const type = draft.before[at] ?? 0
  draft.keep(at, Math.min(end, at + HEADER))
  cursor.at = at + HEADER
  if (version === 4) {
    if (type === REDIRECT) draft.address(at + 4, 4)
    if (QUOTING.has(type)) quotedV4(draft, cursor, quote)
    draft.checksum(at + 2, [[at, end]])
    return
  }
  if (type <= LAST_ERROR_V6) quotedV6(draft, cursor, quote)
  else neighborDiscovery(draft, at, end, type)
  const addresses = pseudoHeader(sourceAt, destinationAt, version)
  draft.transportChecksum(at + 2, addresses, [at, end], { protocol: IpProtocol.Icmpv6, length: wireEnd - at })
}

function quotedV4(draft: FrameDraft, cursor: Cursor, quote: Quote): void {
  const { at, end, bytes } = cursor
  if (end - at < IPV4_HEADER) return
  const length = (bytes[at]! & 0x0f) << 2
  if (bytes[at]! >> 4 !== 4 || length < IPV4_HEADER || at + length > end) return
  ipv4Header(draft, at, at + length)
  if ((u16be(bytes, at + 6) & FRAGMENT_OFFSET) !== 0) return
  const quoted = { version: 4, sourceAt: at + 12, destinationAt: at + 16 }
  const segmentLength = Math.max(0, u16be(bytes, at + 2) - length)
  segment(draft, at + length, end, bytes[at + 9]!, { ...quoted, segmentLength }, quote)
}

function quotedV6(draft: FrameDraft, cursor: Cursor, quote: Quote): void {
  const { at, end, bytes } = cursor
  if (end - at < IPV6_HEADER || bytes[at]! >> 4 !== 6) return
  cursor.at = at + IPV6_HEADER
  let protocol = ipv6Extensions(cursor, bytes[at + 6]!)
  ipv6Headers(draft, at, cursor.at)
  if (protocol === Fragment && cursor.fragmentOffset === 0) protocol = cursor.fragmentProtocol
  const destinationAt = cursor.finalDestinationAt < 0 ? at + 24 : cursor.finalDestinationAt
  const segmentLength = Math.max(0, u16be(bytes, at + 4) - (cursor.at - at - IPV6_HEADER))
  segment(draft, cursor.at, end, protocol, { version: 6, sourceAt: at + 8, destinationAt, segmentLength }, quote)
}

interface QuotedPacket {
  version: number
  sourceAt: number
  destinationAt: number
  segmentLength: number
}

/** The beginning of the segment that is quoted. */
function segment(
  draft: FrameDraft,
  at: number,
  end: number,
  protocol: number,
  { version, sourceAt, destinationAt, segmentLength }: QuotedPacket,
  quote: Quote,
): void {
  const bytes = draft.before
  if (protocol === IpProtocol.Udp) draft.keep(at, Math.min(end, at + PORTS_AND_SEQUENCE))
  if (protocol !== IpProtocol.Tcp || end - at < PORTS_AND_SEQUENCE) return
  const whole = end - at >= UP_TO_FLAGS
  const headerEnd = whole ? Math.min(end, at + Math.max(20, (bytes[at + 12]! >> 4) << 2)) : end
  tcpHeader(draft, at, headerEnd)
  const ports = [u16be(bytes, at), u16be(bytes, at + 2)] as const
  const packet = Object.assign(new Packet(), { bytes, version, sourcePort: ports[0], destinationPort: ports[1] })
  const key = keyOf(packet, sourceAt, destinationAt)
  const opens = whole && (bytes[at + 13]! & 2) !== 0
  const sequence = (u32be(bytes, at + 4) + (opens ? 1 : 0)) >>> 0
  quote({ key, ports, sequence, bytes, from: headerEnd, to: end, length: end - headerEnd, opens: false }, draft.after)
  draft.transportChecksum(at + 16, pseudoHeader(sourceAt, destinationAt, version), [at, end], {
    protocol,
    length: segmentLength,
  })
}

function neighborDiscovery(draft: FrameDraft, at: number, end: number, type: number): void {
  const options = OPTIONS_AT.get(type)
  if (options === undefined) return
  const { before } = draft
  if (type === 134) draft.keep(at, Math.min(end, at + options))
  for (let target = at + 8; target + 16 <= Math.min(end, at + options) && type !== 134; target += 16)
    draft.address(target, 16)
  for (let option = at + options; option + 8 <= end;) {
    const length = before[option + 1]! << 3
    if (length === 0 || option + length > end) return
    draft.keep(option, option + 2)
    if (LINK_LAYER.has(before[option]!)) draft.mac(option + 2)
    else if (before[option] === PREFIX && length === 32) {
      draft.keep(option, option + 16)
      draft.address(option + 16, 16)
    }
    option += length
  }
}
