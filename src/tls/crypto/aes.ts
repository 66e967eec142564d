/** The block cipher of FIPS 197, in the direction that GCM needs, with tables that stay in the fastest cache. */

const WORDS = 4
/** x⁸ + x⁴ + x³ + x + 1 (FIPS 197 §4.2), and the constant of the substitution (§5.1.1). */
const POLYNOMIAL = 0x11b
const AFFINE = 0x63

/** Substitutions of bytes, and the columns that MixColumns makes of them: bytes 2, 1, 1, 3 times the substitution. */
const SUBSTITUTED = new Uint8Array(256)
const MIXED = new Int32Array(256)

function fillTables(): void {
  // All inverses, as powers of a generator and of its inverse.
  let [power, inverse] = [1, 1]
  do {
    power = (power ^ (power << 1) ^ (power & 0x80 ? POLYNOMIAL : 0)) & 0xff
    inverse ^= inverse << 1
    inverse ^= inverse << 2
    inverse = (inverse ^ (inverse << 4)) & 0xff
    if (inverse & 0x80) inverse ^= 9
    const doubled = inverse * 0x101
    SUBSTITUTED[power] = inverse ^ (doubled >> 7) ^ (doubled >> 6) ^ (doubled >> 5) ^ (doubled >> 4) ^ AFFINE
  } while (power !== 1)
  SUBSTITUTED[0] = AFFINE
  for (let byte = 0; byte < 256; byte++) {
    const one = SUBSTITUTED[byte]!
    const two = ((one << 1) ^ (one & 0x80 ? POLYNOMIAL : 0)) & 0xff
    MIXED[byte] = two | (one << 8) | (one << 16) | ((two ^ one) << 24)
  }
}
fillTables()

/** The round keys of a key of 16 or 32 bytes (§5.2), as words whose first byte is the lowest. */
export function expandedKey(key: Uint8Array): Int32Array {
  const length = key.length >> 2
  const words = new Int32Array(key.length + 7 * WORDS)
  for (let index = 0; index < length; index++)
    words[index] =
      key[4 * index]! | (key[4 * index + 1]! << 8) | (key[4 * index + 2]! << 16) | (key[4 * index + 3]! << 24)
  for (let index = length, constant = 1; index < words.length; index++) {
    let word = words[index - 1]!
    if (index % length === 0) {
      word = substituted((word >>> 8) | (word << 24)) ^ constant
      constant = (constant << 1) ^ (constant & 0x80 ? POLYNOMIAL : 0)
    } else if (length > 6 && index % length === 4) word = substituted(word)
    words[index] = words[index - length]! ^ word
  }
  return words
}

function substituted(word: number): number {
  return joined(word, word, word, word)
}

/** Encrypts a block, given and returned (in `block`) as four such words. */
export function encryptBlock(keys: Int32Array, a: number, b: number, c: number, d: number, block: Int32Array): void {
  a ^= keys[0]!
  b ^= keys[1]!
  c ^= keys[2]!
  d ^= keys[3]!
  const last = keys.length - WORDS
  for (let at = WORDS; at < last; at += WORDS) {
    const e = keys[at]! ^ mixed(a, b, c, d)
    const f = keys[at + 1]! ^ mixed(b, c, d, a)
    const g = keys[at + 2]! ^ mixed(c, d, a, b)
    d = keys[at + 3]! ^ mixed(d, a, b, c)
    a = e
    b = f
    c = g
  }
  block[0] = keys[last]! ^ joined(a, b, c, d)
  block[1] = keys[last + 1]! ^ joined(b, c, d, a)
  block[2] = keys[last + 2]! ^ joined(c, d, a, b)
  block[3] = keys[last + 3]! ^ joined(d, a, b, c)
}

/** A column after SubBytes, ShiftRows and MixColumns. */
function mixed(a: number, b: number, c: number, d: number): number {
  const second = MIXED[(b >>> 8) & 0xff]!
  const third = MIXED[(c >>> 16) & 0xff]!
  const fourth = MIXED[d >>> 24]!
  return (
    MIXED[a & 0xff]! ^
    ((second << 8) | (second >>> 24)) ^
    ((third << 16) | (third >>> 16)) ^
    ((fourth << 24) | (fourth >>> 8))
  )
}

/** A column after SubBytes and ShiftRows. */
function joined(a: number, b: number, c: number, d: number): number {
  return (
    SUBSTITUTED[a & 0xff]! |
    (SUBSTITUTED[(b >>> 8) & 0xff]! << 8) |
    (SUBSTITUTED[(c >>> 16) & 0xff]! << 16) |
    (SUBSTITUTED[d >>> 24]! << 24)
  )
}
