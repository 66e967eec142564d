import { encryptBlock, expandedKey } from './aes.js'
import type { Aead } from './crypto.js'

const BLOCK = 16
const WORDS = 4
const NIBBLES = 16
/** The polynomial of GHASH, with the bits of a byte reversed (NIST SP 800-38D §6.3). */
const POLYNOMIAL = 0xe1000000

/** What four bits that leave a product on its right become on its left. */
const REDUCED = Int32Array.from({ length: NIBBLES }, (_, nibble) => {
  let word = 0
  for (let bit = 0; bit < 4; bit++) if ((nibble >> bit) & 1) word ^= POLYNOMIAL >>> (3 - bit)
  return word
})

/** What encrypts a block, and the state of GHASH, as words of their bytes in order: of no use between two calls. */
const mask = new Int32Array(WORDS)
const hash = new Int32Array(WORDS)

/**
 * AES-GCM (NIST SP 800-38D) for nonces of 12 bytes. What follows from the key is made once for all records: the round
 * keys, and the products of the hash key with all values of four bits.
 */
export class AesGcm implements Aead {
  readonly #roundKeys: Int32Array
  readonly #products: Int32Array

  constructor(key: Uint8Array) {
    this.#roundKeys = expandedKey(key)
    encryptBlock(this.#roundKeys, 0, 0, 0, 0, mask)
    this.#products = productsOf(swapped(mask[0]!), swapped(mask[1]!), swapped(mask[2]!), swapped(mask[3]!))
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const length = sealed.length - BLOCK
    if (length < 0) return null
    // Words as AES takes them; the last one is the counter, of which 1 encrypts the tag (§7.1).
    const n0 = littleEndian(nonce, 0)
    const n1 = littleEndian(nonce, 4)
    const n2 = littleEndian(nonce, 8)
    hash.fill(0)
    this.#absorb(additionalData, additionalData.length)
    this.#absorb(sealed, length)
    hash[1]! ^= additionalData.length * 8
    hash[3]! ^= length * 8
    this.#multiply()
    encryptBlock(this.#roundKeys, n0, n1, n2, swapped(1), mask)
    if (
      (swapped(hash[0]!) ^ mask[0]!) !== littleEndian(sealed, length) ||
      (swapped(hash[1]!) ^ mask[1]!) !== littleEndian(sealed, length + 4) ||
      (swapped(hash[2]!) ^ mask[2]!) !== littleEndian(sealed, length + 8) ||
      (swapped(hash[3]!) ^ mask[3]!) !== littleEndian(sealed, length + 12)
    )
      return null
    const text = new Uint8Array(length)
    for (let at = 0, counter = 2; at < length; at += BLOCK, counter++) {
      encryptBlock(this.#roundKeys, n0, n1, n2, swapped(counter), mask)
      combine(text, sealed, at, length, mask[0]!)
      combine(text, sealed, at + 4, length, mask[1]!)
      combine(text, sealed, at + 8, length, mask[2]!)
      combine(text, sealed, at + 12, length, mask[3]!)
    }
    return text
  }

  /** Takes bytes into the hash, padded with zeros to whole blocks. */
  #absorb(bytes: Uint8Array, length: number): void {
    let at = 0
    for (; at + BLOCK <= length; at += BLOCK) {
      for (let word = 0; word < WORDS; word++) hash[word]! ^= swapped(littleEndian(bytes, at + 4 * word))
      this.#multiply()
    }
    if (at === length) return
    for (let index = 0; at < length; at++, index++) hash[index >> 2]! ^= bytes[at]! << (24 - 8 * (index & 3))
    this.#multiply()
  }

  /** Multiplies the hash with the hash key, four bits at a time from its right (Shoup's tables). */
  #multiply(): void {
    const products = this.#products
    let z0 = 0
    let z1 = 0
    let z2 = 0
    let z3 = 0
    for (let index = WORDS - 1; index >= 0; index--) {
      const word = hash[index]!
      for (let shift = 0; shift < 32; shift += 4) {
        const left = z3 & 0xf
        const at = ((word >>> shift) & 0xf) * WORDS
        z3 = ((z2 << 28) | (z3 >>> 4)) ^ products[at + 3]!
        z2 = ((z1 << 28) | (z2 >>> 4)) ^ products[at + 2]!
        z1 = ((z0 << 28) | (z1 >>> 4)) ^ products[at + 1]!
        z0 = (z0 >>> 4) ^ REDUCED[left]! ^ products[at]!
      }
    }
    hash[0] = z0
    hash[1] = z1
    hash[2] = z2
    hash[3] = z3
  }
}

/** The products of a hash key with all values of four bits, whose leftmost bit is 1. */
function productsOf(h0: number, h1: number, h2: number, h3: number): Int32Array {
  const products = new Int32Array(NIBBLES * WORDS)
  let [z0, z1, z2, z3] = [h0, h1, h2, h3]
  for (let power = NIBBLES / 2; power > 0; power >>= 1) {
    for (let lower = 0; lower < NIBBLES; lower += 2 * power) {
      // Sums with the products of greater powers, which are there.
      const [from, to] = [lower * WORDS, (lower + power) * WORDS]
      products[to] = products[from]! ^ z0
      products[to + 1] = products[from + 1]! ^ z1
      products[to + 2] = products[from + 2]! ^ z2
      products[to + 3] = products[from + 3]! ^ z3
    }
    const carried = z3 & 1 ? POLYNOMIAL : 0
    z3 = (z2 << 31) | (z3 >>> 1)
    z2 = (z1 << 31) | (z2 >>> 1)
    z1 = (z0 << 31) | (z1 >>> 1)
    z0 = (z0 >>> 1) ^ carried
  }
  return products
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

/** Up to four bytes of text. */
function combine(text: Uint8Array, sealed: Uint8Array, at: number, length: number, key: number): void {
  if (at + 4 <= length) {
    text[at] = sealed[at]! ^ key
    text[at + 1] = sealed[at + 1]! ^ (key >>> 8)
    text[at + 2] = sealed[at + 2]! ^ (key >>> 16)
    text[at + 3] = sealed[at + 3]! ^ (key >>> 24)
    return
  }
  for (let rest = key; at < length; at++, rest >>>= 8) text[at] = sealed[at]! ^ rest
}
