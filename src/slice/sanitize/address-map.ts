import { IPV4_LENGTH, IPV6_LENGTH, isV4Mapped, MAPPED_V4_AT } from '../../wire/address.js'
import type { Keyed } from './keyed.js'
import { FIXED_V4, type Range, rangeOfPrefix, RANGES_V4, RANGES_V6, sharesPrefix } from './special-ranges.js'

/** Mapped addresses and permutations that are remembered; they can be computed anew. */
const REMEMBERED = 65_536
const OCTETS = Array.from({ length: 256 }, (_, octet) => octet)
const NIBBLES = Array.from({ length: 16 }, (_, nibble) => nibble)
const NIBBLE_BITS = 4
const NIBBLES_OF_GROUP = 4

/**
 * Maps addresses one-to-one under a key, prefix by prefix as Crypto-PAn does (Xu, Fan, Ammar, Moon, 2002): addresses
 * that share the first n octets (IPv6: hexadecimal digits) share the first n of their images, and no more. Other than
 * there, an octet is replaced as a whole by one with as many decimal digits, a hexadecimal digit by another one, and
 * zero groups stay: an address in a text keeps its length. Special ranges are mapped into themselves.
 */
export class AddressMap {
  readonly #keyed: Keyed
  readonly #permutations = new Map<string, Uint8Array>()
  readonly #known = new Map<string, Uint8Array>()

  constructor(keyed: Keyed) {
    this.#keyed = keyed
  }

  /** The image of the 4 or 16 bytes of an address. */
  map(address: Uint8Array): Uint8Array {
    const key = String.fromCharCode(...address)
    let image = this.#known.get(key)
    if (!image) {
      image = address.length === IPV4_LENGTH ? this.#v4(address) : this.#v6(address)
      if (this.#known.size >= REMEMBERED) this.#known.clear()
      this.#known.set(key, image)
    }
    return image
  }

  /** Maps the address at `at` in place. */
  mapAt(bytes: Uint8Array, at: number, length: number): void {
    bytes.set(this.map(bytes.subarray(at, at + length)), at)
  }

  #v4(address: Uint8Array): Uint8Array {
    if (FIXED_V4.some(({ bytes, bits }) => sharesPrefix(bytes, address, bits))) return address.slice()
    const image = new Uint8Array(IPV4_LENGTH)
    for (let at = 0; at < IPV4_LENGTH; at++) {
      const prefix = address.subarray(0, at)
      image[at] = this.#permutation('v4', prefix, OCTETS, (octet) => {
        const whole = Uint8Array.of(...prefix, octet)
        return `${String(octet).length} ${kindOf(whole, 8 * (at + 1), RANGES_V4, octet)}`
      })[address[at]!]!
    }
    return image
  }

  #v6(address: Uint8Array): Uint8Array {
    const image = address.slice()
    if (isV4Mapped(address, 0)) {
      image.set(this.map(address.subarray(MAPPED_V4_AT)), MAPPED_V4_AT)
      return image
    }
    if (isFixedV6(address)) return image
    // Of a multicast address the first group says what it is (RFC 4291 §2.7).
    const first = address[0] === 0xff ? NIBBLES_OF_GROUP : 0
    for (let at = first; at < 2 * IPV6_LENGTH; at++) {
      const nibble = nibbleOf(address, at)
      const leading = isLeading(address, at)
      if (leading && nibble === 0) continue
      const prefix = Uint8Array.from({ length: at }, (_, each) => nibbleOf(address, each))
      const mapped = this.#permutation(leading ? 'v6 first' : 'v6', prefix, NIBBLES, (digit) => {
        if (leading && digit === 0) return 'none'
        return kindOf(withNibble(address, at, digit), NIBBLE_BITS * (at + 1), RANGES_V6, digit)
      })[nibble]!
      image[at >> 1] = at & 1 ? (image[at >> 1]! & 0xf0) | mapped : (image[at >> 1]! & 0x0f) | (mapped << NIBBLE_BITS)
    }
    return image
  }

  /** A permutation of the members after this prefix that leaves each in its class. */
  #permutation(
    label: string,
    prefix: Uint8Array,
    members: readonly number[],
    classOf: (member: number) => string,
  ): Uint8Array {
    const key = `${label} ${String.fromCharCode(...prefix)}`
    let permutation = this.#permutations.get(key)
    if (permutation) return permutation
    permutation = new Uint8Array(members.length)
    const classes = new Map<string, number[]>()
    for (const member of members) {
      const name = classOf(member)
      const own = classes.get(name)
      if (own) own.push(member)
      else classes.set(name, [member])
    }
    for (const [name, own] of classes) {
      const order = this.#keyed.shuffled(`${label} ${name}`, prefix, own)
      for (const [at, member] of own.entries()) permutation[member] = order[at]!
    }
    if (this.#permutations.size >= REMEMBERED) this.#permutations.clear()
    this.#permutations.set(key, permutation)
    return permutation
  }
}

/** Members of several ranges are alone in their class: they stay. */
function kindOf(prefix: Uint8Array, bits: number, ranges: readonly Range[], member: number): string {
  const range = rangeOfPrefix(prefix, bits, ranges)
  return range === 'mixed' ? `mixed ${member}` : String(range)
}

/** Unspecified and loopback addresses, and well-known multicast groups. */
function isFixedV6(address: Uint8Array): boolean {
  const from = address[0] === 0xff ? 2 : 0
  return address.subarray(from, IPV6_LENGTH - 1).every((byte) => byte === 0)
}

function nibbleOf(address: Uint8Array, at: number): number {
  const byte = address[at >> 1]!
  return at & 1 ? byte & 0x0f : byte >> NIBBLE_BITS
}

/** Whether only zeros stand before it in its group: it is the first digit in a text, or none. */
function isLeading(address: Uint8Array, at: number): boolean {
  for (let before = at - (at % NIBBLES_OF_GROUP); before < at; before++)
    if (nibbleOf(address, before) !== 0) return false
  return true
}

/** The address up to this digit, replaced by another one, and zeros. */
function withNibble(address: Uint8Array, at: number, digit: number): Uint8Array {
  const prefix = new Uint8Array(IPV6_LENGTH)
  prefix.set(address.subarray(0, at >> 1))
  prefix[at >> 1] = at & 1 ? (address[at >> 1]! & 0xf0) | digit : digit << NIBBLE_BITS
  return prefix
}
