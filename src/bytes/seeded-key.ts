/** Different in each run. Nothing but the layout of hash tables depends on it. */
const SEED = Math.floor(Math.random() * 0x40000000)
const HALF = 0x3ffffff

/**
 * Two numbers below 2^26 as one key of a Map, different for each pair and unknown in advance: engines hash numbers
 * without a seed, so that a capture could be crafted whose keys all fall into one bucket. Three rounds of a Feistel
 * network over 52 bits.
 */
export function seededKey(high: number, low: number): number {
  let left = high
  let right = low
  for (let round = 1; round <= 3; round++) {
    const next = left ^ (mix(right ^ (SEED + round)) & HALF)
    left = right
    right = next
  }
  return left * (HALF + 1) + right
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
