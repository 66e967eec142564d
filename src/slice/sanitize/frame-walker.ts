import { AnomalyLog } from '../../bytes/anomaly.js'
import { u16be } from '../../bytes/read.js'
import type { Frame } from '../../capture/frame.js'
import { Cursor, Stop } from '../../wire/cursor.js'
import { ARP, EtherType } from '../../wire/ether-type.js'
import { gre } from '../../wire/gre.js'
import { Fragment, IpProtocol } from '../../wire/ip-protocol.js'
import { ipv4 } from '../../wire/ipv4.js'
import { ipv6 } from '../../wire/ipv6.js'
import { authenticationHeader, ipv6Extensions } from '../../wire/ipv6-extensions.js'
import { linkHeader, skipHeader } from '../../wire/link.js'
import { ETHERNET, linkTypeOf } from '../../wire/link-types.js'
import { Packet, PacketKind, TcpFlag } from '../../wire/packet.js'
import { tcp } from '../../wire/tcp.js'
import { vxlan } from '../../wire/vxlan.js'
import type { AddressMap } from './address-map.js'
import { arp } from './arp.js'
import { FrameDraft } from './frame-draft.js'
import { icmpMessage } from './icmp-message.js'
import { ipv4Header, ipv6Headers, tcpHeader } from './internet-headers.js'
import { keyOf, pseudoHeader } from './packet-parts.js'
import type { Payload } from './payloads.js'
import type { StandIns } from './stand-ins.js'

const MOST_HEADERS = 8
const LINUX_COOKED = 113
const LINUX_COOKED_2 = 276
const UDP_HEADER = 8

/** What is done with what the headers lead to. */
export interface WalkEvents {
  /** A TCP payload, or what an ICMP error quotes; it is at the same place in `out`. */
  payload(payload: Payload, out: Uint8Array): void
  /**
   * A fragment, at the cursor: its bytes are written, or stay zeros. Returns `Stop`, or the protocol if the headers
   * after it are to be read.
   */
  fragment(cursor: Cursor, packet: Packet, draft: FrameDraft): number
  /** Nothing is known of what follows in the frame: it stays zeros. */
  unread(what: 'unknownLinks' | 'unread'): void
}

/** Copies frames header by header: what no header's function understands is zeros in the copy. */
export class FrameWalker {
  readonly #cursor = new Cursor(new AnomalyLog())
  readonly #packet = new Packet()
  readonly #addresses: AddressMap
  readonly #standIns: StandIns
  readonly #events: WalkEvents

  constructor(addresses: AddressMap, standIns: StandIns, events: WalkEvents) {
    this.#addresses = addresses
    this.#standIns = standIns
    this.#events = events
  }

  /** The copy of a frame. */
  frame(frame: Frame): Uint8Array {
    const bytes = frame.bytes.slice(frame.start, frame.end)
    const draft = new FrameDraft(bytes, this.#addresses, this.#standIns)
    const cursor = this.#cursor
    const { number, time, wireLength } = frame
    cursor.begin({ bytes, start: 0, end: bytes.length, wireLength, number, time })
    if (!linkTypeOf(frame.linkType)?.header) {
      this.#events.unread('unknownLinks')
      return draft.after
    }
    const type = linkHeader(cursor, frame.linkType)
    draft.keep(0, cursor.at)
    if (frame.linkType === ETHERNET) maskEthernet(draft, 0)
    if (frame.linkType === LINUX_COOKED) maskCooked(draft, 4, 6)
    if (frame.linkType === LINUX_COOKED_2) maskCooked(draft, 10, 12)
    this.#network(draft, type)
    return draft.after
  }

  /** The copy of a datagram whose payload begins at `at`, after its addresses. */
  datagram(bytes: Uint8Array, at: number, version: number, protocol: number, frame: number): Uint8Array {
    const draft = new FrameDraft(bytes, this.#addresses, this.#standIns)
    const cursor = this.#cursor
    cursor.bytes = bytes
    cursor.start = 0
    cursor.at = at
    cursor.end = cursor.wireEnd = bytes.length
    cursor.frame = frame
    this.#packet.bytes = bytes
    this.#packet.version = version
    this.#packet.sourceAt = 0
    this.#packet.destinationAt = at / 2
    draft.address(0, at / 2)
    draft.address(at / 2, at / 2)
    let next = protocol
    if (version === 6) {
      next = ipv6Extensions(cursor, protocol)
      draft.keep(at, cursor.at)
    }
    this.#transport(draft, next, 1)
    return draft.after
  }

  #network(draft: FrameDraft, etherType: number, depth = 1): void {
    const cursor = this.#cursor
    if (depth > MOST_HEADERS) return
    for (let type = etherType; type !== Stop;) {
      const at = cursor.at
      if (type === EtherType.Ipv4 || type === EtherType.Ipv6) {
        this.#internet(draft, type, depth)
        return
      }
      if (type === ARP) {
        arp(draft, at)
        return
      }
      const next = skipHeader(cursor, type)
      if (next === null) {
        this.#events.unread('unread')
        return
      }
      draft.keep(at, cursor.at)
      if (type === EtherType.Ethernet && cursor.at > at) maskEthernet(draft, at)
      type = next
    }
    if (cursor.at < cursor.end) this.#events.unread('unread')
  }

  #internet(draft: FrameDraft, etherType: number, depth: number): void {
    const [cursor, packet] = [this.#cursor, this.#packet]
    const at = cursor.at
    packet.bytes = cursor.bytes
    packet.reassembled = false
    let protocol = etherType === EtherType.Ipv4 ? ipv4(cursor, packet) : ipv6(cursor, packet)
    if (protocol === Stop) {
      // A header that is cut off or malformed: its version, and no address.
      draft.keep(at, at + 8)
      this.#events.unread('unread')
      return
    }
    if (etherType === EtherType.Ipv4) ipv4Header(draft, at, cursor.at)
    else ipv6Headers(draft, at, cursor.at)
    if (protocol === Fragment) protocol = this.#events.fragment(cursor, packet, draft)
    if (protocol !== Stop) this.#transport(draft, protocol, depth)
  }

  #transport(draft: FrameDraft, protocol: number, depth: number): void {
    const cursor = this.#cursor
    const at = cursor.at
    switch (protocol) {
      case IpProtocol.Tcp:
        this.#tcp(draft)
        return
      case IpProtocol.Udp:
        this.#udp(draft, depth)
        return
      case IpProtocol.Icmp:
      case IpProtocol.Icmpv6:
        icmpMessage(draft, cursor, this.#packet, (payload, out) => {
          this.#events.payload(payload, out)
        })
        return
      case IpProtocol.IpInIp:
        this.#network(draft, EtherType.Ipv4, depth + 1)
        return
      case IpProtocol.Ipv6:
        this.#network(draft, EtherType.Ipv6, depth + 1)
        return
      case IpProtocol.Gre:
        this.#gre(draft, depth)
        return
      case IpProtocol.AuthenticationHeader: {
        const next = authenticationHeader(cursor)
        draft.keep(at, Math.min(cursor.at, at + 12))
        if (next !== Stop) this.#transport(draft, next, depth)
        return
      }
      default:
        this.#events.unread('unread')
    }
  }

  #gre(draft: FrameDraft, depth: number): void {
    const cursor = this.#cursor
    const [at, end] = [cursor.at, cursor.end]
    const type = gre(cursor)
    draft.keep(at, cursor.at)
    this.#network(draft, type, depth + 1)
    if (cursor.bytes === draft.before && (u16be(draft.before, at) & 0x8000) !== 0 && at + 6 <= end)
      draft.checksum(at + 4, [[at, end]])
  }

  #udp(draft: FrameDraft, depth: number): void {
    const cursor = this.#cursor
    const { at, end, wireEnd } = cursor
    const { sourceAt, destinationAt, version } = this.#packet
    draft.keep(at, Math.min(end, at + UDP_HEADER))
    const type = vxlan(cursor)
    if (type === Stop) this.#events.unread('unread')
    else {
      draft.keep(at, cursor.at)
      this.#network(draft, type, depth + 1)
    }
    if (u16be0(draft.before, at + 6, end) === 0) return
    const addresses = pseudoHeader(sourceAt, destinationAt, version)
    draft.transportChecksum(at + 6, addresses, [at, end], { protocol: IpProtocol.Udp, length: wireEnd - at })
  }

  #tcp(draft: FrameDraft): void {
    const [cursor, packet] = [this.#cursor, this.#packet]
    const { at, end, wireEnd } = cursor
    const kind = tcp(cursor, packet)
    if (kind !== PacketKind.Tcp) {
      draft.keep(at, Math.min(end, at + 20))
      return
    }
    const { payloadStart: from, payloadEnd: to, payloadLength: length, sourceAt, destinationAt, version } = packet
    tcpHeader(draft, at, from)
    const opens = (packet.flags & TcpFlag.Syn) !== 0
    const sequence = (packet.sequence + (opens ? 1 : 0)) >>> 0
    const ports = [packet.sourcePort, packet.destinationPort] as const
    const key = keyOf(packet, sourceAt, destinationAt)
    const bytes = draft.before
    this.#events.payload({ key, ports, sequence, bytes, from, to, length, opens }, draft.after)
    const addresses = pseudoHeader(sourceAt, destinationAt, version)
    draft.transportChecksum(at + 16, addresses, [at, end], { protocol: IpProtocol.Tcp, length: wireEnd - at })
  }
}

function maskEthernet(draft: FrameDraft, at: number): void {
  draft.mac(at)
  draft.mac(at + 6)
}

/** The address of Linux's cooked header, of which 8 bytes have room. */
function maskCooked(draft: FrameDraft, lengthAt: number, at: number): void {
  draft.after.fill(0, at, Math.min(at + 8, draft.after.length))
  const length = lengthAt === 4 ? u16be0(draft.before, lengthAt, draft.before.length) : draft.before[lengthAt + 1]
  if (length === 6) draft.mac(at)
}

function u16be0(bytes: Uint8Array, at: number, end: number): number {
  return at + 2 <= end ? u16be(bytes, at) : 0
}
