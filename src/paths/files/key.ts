/** Values of the upper part of a key; 53 bits are exact in a double. */
const UPPER = 2 ** 21

/** A hash of 53 bits. */
export function keyOf(kind: number, a: number, b: number, c: number): number {
  const upper = mix(mix(mix(mix(0x2545f491, kind), a), b), c)
  const lower = mix(mix(mix(mix(0x61c88647, c), b), a), kind)
  return (upper % UPPER) * 2 ** 32 + lower
}

/** Adds a number to a hash; the bits are mixed as in MurmurHash3 (https://github.com/aappleby/smhasher). */
export function mix(hash: number, value: number): number {
  let mixed = hash ^ Math.imul(value, 0xcc9e2d51)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
