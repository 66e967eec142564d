import { distance } from '../digest/rows.js'

/**
 * Sequence numbers of one direction at one place as another place shows them. A firewall that randomizes initial
 * sequence numbers shifts all of them; a helper that rewrites an announcement shifts those after it (RFC 2663 §2.9).
 */
export class SequenceMap {
  readonly #start: number
  /** Ascending by distance from the start. */
  readonly #steps: { from: number; shift: number }[]

  /** `start` is the lowest sequence number, `shift` what to add to it. */
  constructor(start: number, shift: number) {
    this.#start = start
    this.#steps = [{ from: -0x80000000, shift }]
  }

  there(sequence: number): number {
    return (sequence + this.shiftAt(sequence)) >>> 0
  }

  shiftAt(sequence: number): number {
    const at = distance(this.#start, sequence)
    const steps = this.#steps
    for (let i = steps.length - 1; i > 0; i--) if (steps[i]!.from <= at) return steps[i]!.shift
    return steps[0]!.shift
  }

  /** The inverse of `there`. */
  here(sequence: number): number {
    const steps = this.#steps
    for (let i = steps.length - 1; i >= 0; i--) {
      const found = (sequence - steps[i]!.shift) >>> 0
      if (this.shiftAt(found) === steps[i]!.shift) return found
    }
    // Between two steps: numbers that the other place never shows.
    return (sequence - steps[0]!.shift) >>> 0
  }

  /** Numbers from `sequence` on are `more` higher. */
  step(sequence: number, more: number): void {
    const from = distance(this.#start, sequence)
    const shift = this.shiftAt(sequence) + more
    const steps = this.#steps
    let at = steps.length
    while (at > 0 && steps[at - 1]!.from > from) at--
    steps.splice(at, 0, { from, shift })
    for (let i = at + 1; i < steps.length; i++) steps[i]!.shift += more
  }

  /** What is added to the first numbers. */
  get firstShift(): number {
    return this.#steps[0]!.shift
  }
}
