import type { Alignment } from './alignment.js'

/** Steps that finding the best pairs of repeats may take. */
const MOST_STEPS = 4_000_000

/**
 * Pairs packets that nothing but their times distinguishes, when one place has more of them: in order, so that all take
 * about as long as the packets around them.
 */
export function pairInTime(alignment: Alignment, rows: readonly number[], others: readonly number[]): void {
  if (rows.length * others.length > MOST_STEPS) {
    for (let at = 0; at < Math.min(rows.length, others.length); at++) alignment.pair(rows[at]!, others[at]!)
    return
  }
  const { a, b } = alignment
  const isFewerHere = rows.length <= others.length
  const [few, many] = isFewerHere ? [rows, others] : [others, rows]
  const delays = rows.map((row) => delayAround(alignment, row))
  const cost = (at: number, other: number): number => {
    const [here, there] = isFewerHere ? [at, other] : [other, at]
    return Math.abs(b.log.time(others[there]!) - a.log.time(rows[here]!) - delays[here]!)
  }
  for (const [at, other] of cheapest(few.length, many.length, cost)) {
    const [here, there] = isFewerHere ? [at, other] : [other, at]
    alignment.pair(rows[here]!, others[there]!)
  }
}

/** The time difference of the nearest packet that is paired already; 0 if there is none. */
function delayAround({ a, b, ofA }: Alignment, row: number): number {
  const direction = a.log.direction(row)
  for (const sameWay of [true, false]) {
    for (let away = 1; away < ofA.length; away++) {
      for (const near of [row - away, row + away]) {
        const there = ofA[near] ?? -1
        if (there < 0 || (sameWay && a.log.direction(near) !== direction)) continue
        return b.log.time(there) - a.log.time(near)
      }
    }
  }
  return 0
}

/** For each of `few`, in order, another one of `many`, so that the sum of the costs is least. */
function cheapest(few: number, many: number, cost: (at: number, other: number) => number): [number, number][] {
  const width = many + 1
  // Least cost of pairing the first `at` with some of the first `other`.
  const least = new Float64Array((few + 1) * width).fill(Infinity)
  least.fill(0, 0, width)
  for (let at = 1; at <= few; at++) {
    for (let other = at; other <= many; other++) {
      const taken = least[(at - 1) * width + other - 1]! + cost(at - 1, other - 1)
      least[at * width + other] = Math.min(taken, least[at * width + other - 1]!)
    }
  }
  const pairs: [number, number][] = []
  for (let at = few, other = many; at > 0; other--) {
    if (least[at * width + other] === least[at * width + other - 1]) continue
    pairs.push([at - 1, other - 1])
    at--
  }
  return pairs.reverse()
}
