import { u16be } from '../bytes/read.js'
import { IPV4_LENGTH, isV4Mapped, MAPPED_V4_AT, parseAddress } from './address.js'

/** Where an address is valid, by the registries of special-purpose addresses (RFC 6890). */
export type AddressScope =
  | 'public'
  | 'private'
  | 'cgnat'
  | 'loopback'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'documentation'
  | 'reserved'
  | 'unique-local'

/** Scope of an IPv4, IPv6 or v4-mapped address in text; `reserved` for text that is not an address. */
export function scope(address: string): AddressScope {
  const bytes = parseAddress(address)
  if (!bytes) return 'reserved'
  if (bytes.length === IPV4_LENGTH) return scopeV4(bytes, 0)
  return isV4Mapped(bytes, 0) ? scopeV4(bytes, MAPPED_V4_AT) : scopeV6(bytes)
}

function scopeV4(bytes: Uint8Array, at: number): AddressScope {
  const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
  if (a === 0) return b === 0 && c === 0 && d === 0 ? 'unspecified' : 'reserved' // RFC 1122 §3.2.1.3
  if (a === 10 || (a === 172 && b >> 4 === 1) || (a === 192 && b === 168)) return 'private' // RFC 1918
  if (a === 100 && b >> 6 === 1) return 'cgnat' // RFC 6598
  if (a === 127) return 'loopback'
  if (a === 169 && b === 254) return 'link-local' // RFC 3927
  if (a === 192 && b === 0 && c === 2) return 'documentation' // RFC 5737
  if (a === 198 && b === 51 && c === 100) return 'documentation'
  if (a === 203 && b === 0 && c === 113) return 'documentation'
  if (a === 192 && b === 0 && c === 0) return 'reserved' // protocol assignments, RFC 6890
  if (a === 198 && b >> 1 === 9) return 'reserved' // benchmarking, RFC 2544
  if (a >= 224 && a <= 239) return 'multicast' // RFC 5771
  if (a === 255 && b === 255 && c === 255 && d === 255) return 'broadcast'
  return a >= 240 ? 'reserved' : 'public' // RFC 1112 §4
}

function scopeV6(bytes: Uint8Array): AddressScope {
  const first = u16be(bytes, 0)
  const second = u16be(bytes, 2)
  if (first === 0 && bytes.subarray(0, 15).every((byte) => byte === 0)) {
    if (bytes[15] === 0) return 'unspecified'
    if (bytes[15] === 1) return 'loopback'
  }
  if (first >> 8 === 0xff) return 'multicast' // RFC 4291 §2.7
  if (first >> 6 === 0xfe80 >> 6) return 'link-local' // RFC 4291 §2.5.6
  if (first >> 9 === 0xfc00 >> 9) return 'unique-local' // RFC 4193
  if (first === 0x2001 && second === 0x0db8) return 'documentation' // RFC 3849
  if (first === 0x3fff && second >> 12 === 0) return 'documentation' // RFC 9637
  if (first === 0x2001 && second === 0x0002 && u16be(bytes, 4) === 0) return 'reserved' // benchmarking, RFC 5180
  // NAT64 (RFC 6052).
  if (first === 0x0064 && second === 0xff9b && bytes.subarray(4, 12).every((byte) => byte === 0)) return 'public'
  return first >> 13 === 1 ? 'public' : 'reserved' // only 2000::/3 has been assigned (RFC 4291 §2.4)
}

/** Reachable from anywhere; documentation addresses stand for public ones. */
export function isPublic(address: string): boolean {
  const found = scope(address)
  return found === 'public' || found === 'documentation'
}

/** An address that cannot be reached from elsewhere: RFC 1918, 6598, 3927, 4193, 4291. */
export function isInside(address: string): boolean {
  const kind = scope(address)
  return kind === 'private' || kind === 'cgnat' || kind === 'link-local' || kind === 'unique-local'
}
