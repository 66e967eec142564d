import { u16be } from '../bytes/read.js'
import type { FragmentPlace } from './datagram.js'

/**
 * The innermost IP packet of a frame with its TCP segment or ICMP error. There is one instance per decoder, overwritten
 * by the next frame; offsets point into `bytes`, which is the frame's buffer or that of the reassembled datagram.
 */
export class Packet {
  /** Frame that completed this packet. */
  frame = 0
  /** Nanoseconds since the first frame of the input. */
  time = 0
  bytes: Uint8Array = new Uint8Array(0)

  /** 4 or 6. */
  version = 0
  /** Offsets of the addresses: 4 bytes each for version 4, 16 for version 6. */
  sourceAt = 0
  destinationAt = 0
  /** IPv4 TTL or IPv6 hop limit. */
  hopLimit = 0
  /** IPv4 identification; 0 for IPv6 without a fragment header. */
  identification = 0
  dontFragment = false
  /** True when the packet was reassembled from fragments. */
  reassembled = false
  /** If so: where its fragments are; otherwise of an earlier packet. */
  fragments: readonly FragmentPlace[] = []

  // TCP (RFC 9293 §3.1). For an ICMP error: the quoted TCP segment, zero from `acknowledgment` on if it quotes 8 bytes
  // only.
  sourcePort = 0
  destinationPort = 0
  sequence = 0
  acknowledgment = 0
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  flags = 0
  /** As in the header, not scaled. */
  window = 0
  /** Offset of the TCP header. */
  segmentAt = 0
  /** Payload bytes that were captured: from `payloadStart` up to `payloadEnd`. */
  payloadStart = 0
  payloadEnd = 0
  /** Payload length according to the headers; larger than what was captured if the frame was snapped. */
  payloadLength = 0
  /** Options of a SYN; -1 where absent. */
  maximumSegmentSize = -1
  windowScale = -1
  sackPermitted = false
  /** TSval of the timestamps option (RFC 7323); -1 where absent. Read from SYNs only. */
  timestampValue = -1

  // ICMP error (RFC 792, RFC 4443): `sourceAt` and `destinationAt` are those of the ICMP packet itself.
  icmpType = 0
  icmpCode = 0
  /** Next-hop MTU of "fragmentation needed" / "packet too big"; 0 where not given. */
  icmpMtu = 0
  /** Offsets of the addresses in the quoted packet, which has the same IP version. */
  quotedSourceAt = 0
  quotedDestinationAt = 0

  // Of a frame without either (`PacketKind.Other`), for counting: the ports of UDP are in `sourcePort` and
  // `destinationPort`; what follows the link header of a frame without IP lies from `payloadStart` to `payloadEnd`.
  /** EtherType of a frame that is not IP; 0 where there is none, or where the frame was not decoded that far. */
  otherType = 0
  /** Protocol number of an IP packet; -1 without one. */
  otherProtocol = -1

  /** Of a TCP segment, as in the header; 0 if it was not captured. `checksumState` verifies it. */
  get checksum(): number {
    const at = this.segmentAt + CHECKSUM
    return at + 2 > this.payloadEnd ? 0 : u16be(this.bytes, at)
  }
}

/** Offset in the TCP header. */
const CHECKSUM = 16

/** A copy of a TCP packet, with bytes of its own: the addresses and the segment as far as it was captured. */
export function copyPacket(packet: Packet): Packet {
  const { bytes, sourceAt, destinationAt, segmentAt, payloadStart, payloadEnd } = packet
  const length = packet.version === 6 ? 16 : 4
  const copy = Object.assign(new Packet(), packet)
  copy.bytes = new Uint8Array(2 * length + payloadEnd - segmentAt)
  copy.bytes.set(bytes.subarray(sourceAt, sourceAt + length))
  copy.bytes.set(bytes.subarray(destinationAt, destinationAt + length), length)
  copy.bytes.set(bytes.subarray(segmentAt, payloadEnd), 2 * length)
  copy.sourceAt = 0
  copy.destinationAt = length
  copy.segmentAt = 2 * length
  copy.payloadStart = payloadStart - segmentAt + copy.segmentAt
  copy.payloadEnd = payloadEnd - segmentAt + copy.segmentAt
  return copy
}

/** What a frame contains. */
export const PacketKind = {
  /** Nothing of interest: another protocol, an incomplete datagram, a damaged header. */
  Other: 0,
  Tcp: 1,
  /** ICMP or ICMPv6 error that quotes a TCP segment. */
  IcmpError: 2,
} as const
export type PacketKind = (typeof PacketKind)[keyof typeof PacketKind]

export const TcpFlag = { Fin: 1, Syn: 2, Rst: 4, Psh: 8, Ack: 16, Urg: 32 } as const
