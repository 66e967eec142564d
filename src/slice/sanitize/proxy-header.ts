import { u16be } from '../../bytes/read.js'
import type { AddressMap } from './address-map.js'

/** What the binary header of the PROXY protocol begins with (The PROXY protocol, §2.2). */
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]
const FAMILY = 13
const LENGTH = 14
const ADDRESSES = 16
/** Bytes of an address by the upper half of the octet for family and protocol. */
const SIZES = new Map([
  [1, 4],
  [2, 16],
])
const PORTS = 4

/**
 * The binary header at the beginning of these bytes with images of its addresses, as far as it goes: ports stay, what
 * follows them, such as names, is zeros. `null` if there is none.
 */
export function rewrittenProxyHeader(bytes: Uint8Array, addresses: AddressMap): Uint8Array | null {
  if (bytes.length < ADDRESSES || SIGNATURE.some((byte, at) => bytes[at] !== byte)) return null
  const header = bytes.slice(0, ADDRESSES + u16be(bytes, LENGTH))
  const size = SIZES.get(header[FAMILY]! >> 4)
  const ports = ADDRESSES + 2 * (size ?? 0)
  if (size === undefined || ports > header.length) return header.fill(0, ADDRESSES)
  for (const at of [ADDRESSES, ADDRESSES + size]) addresses.mapAt(header, at, size)
  return header.fill(0, ports + PORTS)
}
