import { joined } from './mutate.js'

/** Attempts that a minimisation may take. */
const ATTEMPTS = 1500

/**
 * A shorter input that still fails: pieces are left out, halves first, then what stays is made of zeros where it can
 * be.
 */
export function minimised(input: Uint8Array, fails: (candidate: Uint8Array) => boolean): Uint8Array {
  let best = input
  let attempts = 0
  const better = (candidate: Uint8Array): boolean => {
    if (attempts++ >= ATTEMPTS || !fails(candidate)) return false
    best = candidate
    return true
  }
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && attempts < ATTEMPTS;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.length;) {
      if (!better(joined(best.subarray(0, at), best.subarray(at + size)))) at += size
    }
  }
  for (let at = 0; at < best.length && attempts < ATTEMPTS; at++) {
    if (best[at] === 0) continue
    const plainer = best.slice()
    plainer[at] = 0
    better(plainer)
  }
  return best
}
