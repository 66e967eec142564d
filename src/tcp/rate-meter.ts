/** Intervals that a meter has: enough for a plot, and bounded whatever a transfer's length. */
export const INTERVALS = 64
/** Length of an interval at first, in nanoseconds. */
export const FIRST_INTERVAL_NS = 1e6

/**
 * Bytes over time in equal intervals. When time leaves the last one, adjacent intervals are merged and each is twice as
 * long.
 */
export class RateMeter {
  /** Start of the first interval: nanoseconds since the first frame of the input. */
  readonly start: number
  /** Length of an interval in nanoseconds. */
  interval = FIRST_INTERVAL_NS
  readonly #bytes = new Float64Array(INTERVALS)
  #used = 1

  constructor(start: number) {
    this.start = start
  }

  add(time: number, bytes: number): void {
    // After a clock was set back, bytes count for the first interval.
    const elapsed = Math.max(0, time - this.start)
    while (elapsed >= this.interval * INTERVALS) this.#join()
    const index = Math.floor(elapsed / this.interval)
    this.#bytes[index]! += bytes
    if (index >= this.#used) this.#used = index + 1
  }

  /** Bytes of each interval, up to the last one that has any. */
  get bytes(): number[] {
    return [...this.#bytes.subarray(0, this.#used)]
  }

  #join(): void {
    for (let i = 0; i < INTERVALS / 2; i++) this.#bytes[i] = this.#bytes[2 * i]! + this.#bytes[2 * i + 1]!
    this.#bytes.fill(0, INTERVALS / 2)
    this.#used = Math.ceil(this.#used / 2)
    this.interval *= 2
  }
}
