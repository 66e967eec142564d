import type { AnomalyLog } from '../bytes/anomaly.js'
import { u16be } from '../bytes/read.js'
import type { Frame } from '../capture/frame.js'
import { Cursor, Stop } from './cursor.js'
import { EtherType } from './ether-type.js'
import { FragmentTable } from './fragments.js'
import { gre } from './gre.js'
import { icmp } from './icmp.js'
import { icmpv6 } from './icmpv6.js'
import { Fragment, IpProtocol } from './ip-protocol.js'
import { ipv4 } from './ipv4.js'
import { ipv6 } from './ipv6.js'
import { authenticationHeader, ipv6Extensions } from './ipv6-extensions.js'
import { linkHeader, toNetwork } from './link.js'
import { Packet, PacketKind } from './packet.js'
import { plainTcp } from './plain-tcp.js'
import { tcp } from './tcp.js'
import { vxlan } from './vxlan.js'

/** Length of both ports of a UDP header. */
const UDP_PORTS = 4

export interface DecodeLimits {
  /** IP headers in one frame, the outermost included. */
  maxTunnelDepth?: number
  /** Incomplete datagrams held at a time. */
  maxFragmentedDatagrams?: number
  /** Memory for them, in bytes. */
  maxFragmentBytes?: number
}

const DECODE_LIMITS: Required<DecodeLimits> = {
  maxTunnelDepth: 8,
  maxFragmentedDatagrams: 4096,
  maxFragmentBytes: 16 * 1024 * 1024,
}

/** Finds the innermost IP packet of a frame and the TCP segment or ICMP error in it. */
export class PacketDecoder {
  /** The packet of the last frame; valid until the next call of `decode`. After `PacketKind.Other` see `otherType`. */
  readonly packet = new Packet()
  readonly #cursor: Cursor
  readonly #fragments: FragmentTable
  readonly #maxTunnelDepth: number

  constructor(anomalies: AnomalyLog, limits: DecodeLimits = {}) {
    const { maxTunnelDepth, maxFragmentedDatagrams, maxFragmentBytes } = { ...DECODE_LIMITS, ...limits }
    this.#cursor = new Cursor(anomalies)
    this.#fragments = new FragmentTable(maxFragmentedDatagrams, maxFragmentBytes)
    this.#maxTunnelDepth = maxTunnelDepth
  }

  decode(frame: Frame): PacketKind {
    const packet = this.packet
    packet.frame = frame.number
    packet.time = frame.time
    // Thousands of frames share a chunk: writing a reference costs a write barrier, comparing it costs nothing.
    if (packet.bytes !== frame.bytes) packet.bytes = frame.bytes
    packet.reassembled = false
    if (plainTcp(frame, packet)) return PacketKind.Tcp
    const kind = this.#headers(frame, packet)
    if (kind === PacketKind.Other) noteOther(this.#cursor, packet)
    return kind
  }

  /** Decodes header by header. */
  #headers(frame: Frame, packet: Packet): PacketKind {
    const cursor = this.#cursor
    cursor.begin(frame)
    let etherType = linkHeader(cursor, frame.linkType)
    for (let depth = 1; etherType !== Stop; depth++) {
      if (depth > this.#maxTunnelDepth) return tooDeep(cursor, this.#maxTunnelDepth)
      switch (this.#internet(etherType)) {
        case IpProtocol.Tcp:
          return tcp(cursor, packet)
        case IpProtocol.Icmp:
          return packet.version === 4 ? icmp(cursor, packet) : PacketKind.Other
        case IpProtocol.Icmpv6:
          return packet.version === 6 ? icmpv6(cursor, packet) : PacketKind.Other
        case IpProtocol.IpInIp:
          etherType = EtherType.Ipv4
          break
        case IpProtocol.Ipv6:
          etherType = EtherType.Ipv6
          break
        case IpProtocol.Gre:
          etherType = gre(cursor)
          break
        case IpProtocol.Udp:
          udpPorts(cursor, packet)
          etherType = vxlan(cursor)
          break
        default:
          return PacketKind.Other
      }
    }
    return PacketKind.Other
  }

  /** Decodes up to the payload of a complete IP packet. Returns its protocol or `Stop`. */
  #internet(etherType: number): number {
    const cursor = this.#cursor
    const packet = this.packet
    const network = toNetwork(cursor, etherType)
    let protocol =
      network === EtherType.Ipv4 ? ipv4(cursor, packet) : network === EtherType.Ipv6 ? ipv6(cursor, packet) : Stop
    if (protocol === Fragment) {
      protocol = this.#fragments.add(cursor, packet)
      // Destination options may be inside the fragmented part. No host sends another fragment header there.
      if (packet.version === 6 && protocol !== Stop) protocol = ipv6Extensions(cursor, protocol)
    }
    if (protocol !== Stop) cursor.protocol = protocol
    if (protocol === IpProtocol.AuthenticationHeader) return authenticationHeader(cursor)
    return protocol
  }
}

/** What a frame without TCP contains instead, as far as it was decoded. */
function noteOther(cursor: Cursor, packet: Packet): void {
  packet.otherType = Math.max(0, cursor.stoppedAtType)
  packet.payloadStart = cursor.at
  packet.payloadEnd = cursor.end
  packet.otherProtocol = cursor.protocol
}

/** The ports of a UDP header (RFC 768); 0 if it was not captured. */
function udpPorts({ bytes, at, end }: Cursor, packet: Packet): void {
  const complete = end - at >= UDP_PORTS
  packet.sourcePort = complete ? u16be(bytes, at) : 0
  packet.destinationPort = complete ? u16be(bytes, at + 2) : 0
}

function tooDeep(cursor: Cursor, depth: number): PacketKind {
  cursor.anomalies.record('tunnel-too-deep', cursor.frame, () => `More than ${depth} nested IP headers`)
  return PacketKind.Other
}
