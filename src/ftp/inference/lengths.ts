/** Distributions over lengths in bytes, which the variable parts of commands and replies have. */

/** Probabilities of `from`, `from + 1` …; they sum to 1. */
export interface Lengths {
  from: number
  shares: readonly number[]
}

/** A length that is known, or known up to the padding of a block cipher. */
export interface Range {
  least: number
  most: number
}

/** Longest text that the models expect; what is longer has no probability worth having. */
const LONGEST = 600

const CERTAIN: readonly number[] = [1]

export function exactly(length: number): Lengths {
  return { from: length, shares: CERTAIN }
}

export function evenly({ least, most }: Range): Lengths {
  const from = Math.max(0, least)
  const count = Math.max(1, most - from + 1)
  return count === 1 ? exactly(from) : { from, shares: new Array<number>(count).fill(1 / count) }
}

/** By weights for single lengths; what they leave out of 1 is spread as `rest` says. */
export function mixed(weights: Readonly<Record<number, number>>, rest: Lengths): Lengths {
  const known = Object.entries(weights).map(([length, weight]) => [Number(length), weight] as const)
  const left = 1 - known.reduce((sum, [, weight]) => sum + weight, 0)
  const from = Math.min(rest.from, ...known.map(([length]) => length))
  const to = Math.max(rest.from + rest.shares.length - 1, ...known.map(([length]) => length))
  const shares = new Array<number>(to - from + 1).fill(0)
  for (const [length, weight] of known) shares[length - from]! += weight
  for (const [index, share] of rest.shares.entries()) shares[rest.from + index - from]! += left * share
  return { from, shares }
}

/** Rises up to `usual`, and falls slowly after it: names, paths, phrases. */
export function around(usual: number, least = 1): Lengths {
  const shares: number[] = []
  for (let length = least; length <= LONGEST; length++) {
    const ratio = (length + 1) / (usual + 1)
    shares.push(ratio < 1 ? ratio : 1 / (ratio * ratio))
  }
  const sum = shares.reduce((total, share) => total + share, 0)
  return { from: least, shares: shares.map((share) => share / sum) }
}

/** Probability of a length, summed over those from `least` to `most`. */
export function shareOf({ from, shares }: Lengths, least: number, most: number): number {
  let sum = 0
  for (let at = Math.max(0, least - from); at <= most - from && at < shares.length; at++) sum += shares[at]!
  return sum
}

/** The sum of two independent lengths. */
export function convolved(one: Lengths, other: Lengths): Lengths {
  const from = one.from + other.from
  const count = Math.min(LONGEST, one.shares.length + other.shares.length - 1)
  const shares = new Array<number>(count).fill(0)
  for (const [at, share] of one.shares.entries())
    for (let index = 0; index < other.shares.length && at + index < count; index++)
      shares[at + index]! += share * other.shares[index]!
  return { from, shares }
}

/** The same of a length that is anywhere in `of` with the same probability: `shareOf(evenly(of), least, most)`. */
export function shareOfEvenly(of: Range, least: number, most: number): number {
  const from = Math.max(0, of.least)
  const count = Math.max(1, of.most - from + 1)
  let sum = 0
  for (let at = Math.max(from, least), end = Math.min(most, from + count - 1); at <= end; at++) sum += 1 / count
  return sum
}

/** Probability that independent parts, those from `at` on, have a length together. */
export function shareOfSum(parts: readonly Lengths[], least: number, most: number, at = 0): number {
  const part = parts[at]
  if (!part) return least <= 0 && most >= 0 ? 1 : 0
  if (at === parts.length - 1) return shareOf(part, least, most)
  const { from, shares } = part
  let sum = 0
  for (let index = 0; index < shares.length && from + index <= most; index++) {
    const length = from + index
    const share = shares[index]!
    if (share > 0) sum += share * shareOfSum(parts, least - length, most - length, at + 1)
  }
  return sum
}
