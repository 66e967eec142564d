/** Odd, so that multiplying by it loses no bit; from Knuth's multiplicative hashing. */
const BASE = 0x9e3779b1 | 0

/**
 * 32-bit polynomial hash of `bytes[start..end)`, modulo 2^32. Hashes of pieces give the hash of the whole
 * (`joinHashes`), so that a segment can be compared with those that offloading made of it.
 */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  for (let at = start; at < end; at++) hash = (Math.imul(hash, BASE) + bytes[at]! + 1) | 0
  return hash >>> 0
}

/** Hash of two pieces, one after the other, from their hashes and the length of the second. */
export function joinHashes(first: number, second: number, secondLength: number): number {
  return (Math.imul(first, powerOfBase(secondLength)) + second) >>> 0
}

function powerOfBase(exponent: number): number {
  let result = 1
  let square = BASE
  for (let rest = exponent; rest > 0; rest >>>= 1) {
    if (rest & 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}
