import { u16be } from '../bytes/read.js'
import { IpProtocol } from './ip-protocol.js'
import type { Packet } from './packet.js'

/** What the checksum of a TCP segment shows. */
export const ChecksumState = {
  /** Not all of the segment was captured. */
  Unknown: 0,
  Right: 1,
  /** Zero, or the sum of the pseudo-header alone: the sender's network card completes it after the capture. */
  Offloaded: 2,
  /** A receiver drops the segment (RFC 9293 §3.1). */
  Wrong: 3,
} as const
export type ChecksumState = (typeof ChecksumState)[keyof typeof ChecksumState]

/** All bits set: the sum of a message that includes its right checksum (RFC 1071 §1). */
const RIGHT = 0xffff

/** Verifies the checksum of a TCP segment, pseudo-header included (RFC 9293 §3.1, RFC 8200 §8.1). */
export function checksumState(packet: Packet): ChecksumState {
  const { bytes, segmentAt, payloadStart, payloadEnd, payloadLength } = packet
  if (payloadEnd - payloadStart < payloadLength || payloadStart <= segmentAt) return ChecksumState.Unknown
  const length = payloadEnd - segmentAt
  const addresses = packet.version === 6 ? 16 : 4
  const hosts = sumOf(bytes, packet.sourceAt, addresses) + sumOf(bytes, packet.destinationAt, addresses)
  const pseudo = folded(hosts + IpProtocol.Tcp + (length & 0xffff) + (length >>> 16))
  if (folded(pseudo + sumOf(bytes, segmentAt, length)) === RIGHT) return ChecksumState.Right
  const { checksum } = packet
  // Linux leaves the sum of the pseudo-header in the field, Windows leaves the length out of it for large segments.
  const partial = folded(hosts + IpProtocol.Tcp)
  if (checksum === 0 || checksum === pseudo || checksum === partial) return ChecksumState.Offloaded
  if (checksum === (~pseudo & RIGHT) || checksum === (~partial & RIGHT)) return ChecksumState.Offloaded
  return ChecksumState.Wrong
}

/** Whether an ICMP message of `length` bytes fails its checksum (RFC 792); a blank one is not judged. */
export function isIcmpDamaged(bytes: Uint8Array, at: number, length: number): boolean {
  return u16be(bytes, at + 2) !== 0 && folded(sumOf(bytes, at, length)) !== RIGHT
}

/** The same for ICMPv6, whose checksum covers a pseudo-header (RFC 4443 §2.3). */
export function isIcmpv6Damaged(packet: Packet, at: number, length: number): boolean {
  const { bytes } = packet
  const hosts = sumOf(bytes, packet.sourceAt, 16) + sumOf(bytes, packet.destinationAt, 16)
  const pseudo = hosts + IpProtocol.Icmpv6 + (length & 0xffff) + (length >>> 16)
  return u16be(bytes, at + 2) !== 0 && folded(pseudo + sumOf(bytes, at, length)) !== RIGHT
}

/** Sum of 16-bit words, not folded; an odd last byte is padded with zero (RFC 1071 §1). Exact up to 2^37 bytes. */
function sumOf(bytes: Uint8Array, at: number, length: number): number {
  let sum = 0
  const even = at + (length & ~1)
  for (let i = at; i < even; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!
  return length & 1 ? sum + (bytes[even]! << 8) : sum
}

function folded(sum: number): number {
  let rest = sum
  while (rest > RIGHT) rest = (rest % 0x10000) + Math.floor(rest / 0x10000)
  return rest
}
