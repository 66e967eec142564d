/** Maps a range of numbers onto pixels. */
export function linear(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const width = from[1] - from[0]
  return (value) => (width === 0 ? to[0] : to[0] + ((value - from[0]) / width) * (to[1] - to[0]))
}

/** Round numbers (1, 2 or 5 times a power of ten) from 0 on that divide 0 to `most` into about `count` parts. */
export function ticks(most: number, count: number): number[] {
  if (!(most > 0)) return [0]
  const rough = most / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough
  // Multiples, not sums, or 0.1 three times is 0.30000000000000004; rounded for the same reason.
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}
