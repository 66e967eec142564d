import { SharedMemory } from '../bytes/shared-memory.js'

/**
 * Sequence numbers of one direction as stream offsets: 0 is the first payload byte, the SYN is at -1. Offsets do not
 * wrap (exact up to 2^53), whatever the 32-bit numbers do (RFC 9293 §3.4).
 */
export class SequenceSpace {
  known = false
  #sequence = 0
  #offset = 0

  /** Declares that `sequence` is at `offset`. */
  anchor(sequence: number, offset: number): void {
    this.known = true
    this.#sequence = sequence
    this.#offset = offset
  }

  /** Offset of a sequence number that is less than 2^31 away from the highest one so far. */
  offset(sequence: number): number {
    const distance = (sequence - this.#sequence) | 0
    const offset = this.#offset + distance
    if (distance > 0) {
      this.#sequence = sequence
      this.#offset = offset
    }
    return offset
  }

  /** As `offset`, without moving the reference: for numbers that may be forged or damaged. */
  peek(sequence: number): number {
    return this.#offset + ((sequence - this.#sequence) | 0)
  }
}

/** What a segment's bytes are, compared with all that came before. */
export const Coverage = {
  /** Continues, or jumps ahead of, the highest byte seen. */
  New: 0,
  /** Fills bytes that were missing: it arrived late. */
  Filling: 1,
  /** All of its bytes were seen before. */
  Repeated: 2,
} as const
export type Coverage = (typeof Coverage)[keyof typeof Coverage]

/** More holes than this are counted for good and no longer filled. */
export const MAX_HOLES = 1024
/** Two numbers in an array that has room for more. */
export const HOLE_BYTES = 32

/** Which bytes of a direction were seen: the highest, and the holes below it. */
export class CoverageMap {
  /** Offset after the highest byte seen. */
  end = 0
  /** Bytes in holes. */
  missing = 0
  /** Holes as start, end, start, end …, ascending. */
  readonly #holes: number[] = []
  readonly #shared: SharedMemory

  /** `shared` bounds the holes of all connections. */
  constructor(shared = new SharedMemory(Infinity)) {
    this.#shared = shared
  }

  /** No more bytes will come; what is known of them stays. */
  release(): void {
    this.#shared.give((this.#holes.length / 2) * HOLE_BYTES)
    this.#holes.length = 0
  }

  add(start: number, end: number): Coverage {
    if (start >= this.end) {
      if (start > this.end) this.#dig(this.end, start)
      this.end = end
      return Coverage.New
    }
    const filled = this.#holes.length > 0 && this.#fill(start, Math.min(end, this.end))
    if (end > this.end) {
      this.end = end
      return Coverage.New
    }
    return filled ? Coverage.Filling : Coverage.Repeated
  }

  /** The holes, ascending. */
  get holes(): { start: number; end: number }[] {
    const holes = this.#holes
    return Array.from({ length: holes.length / 2 }, (_, i) => ({ start: holes[2 * i]!, end: holes[2 * i + 1]! }))
  }

  /** Start of the first hole at or after `offset` and before `limit`; -1 when there is none. */
  holeWithin(offset: number, limit: number): number {
    for (let i = 0; i < this.#holes.length; i += 2) {
      if (this.#holes[i + 1]! > offset && this.#holes[i]! < limit) return Math.max(this.#holes[i]!, offset)
    }
    return -1
  }

  /** Whether any byte from `start` up to `end` was seen. */
  sees(start: number, end: number): boolean {
    const limit = Math.min(end, this.end)
    if (start >= limit) return false
    const holes = this.#holes
    for (let i = 0; i < holes.length; i += 2) if (holes[i]! <= start && holes[i + 1]! >= limit) return false
    return true
  }

  /** Whether all bytes from `start` up to `end` were seen. */
  seesAll(start: number, end: number): boolean {
    return end <= this.end && this.holeWithin(start, end) < 0
  }

  /** Bytes of holes below `limit`. */
  missingBelow(limit: number): number {
    let sum = 0
    for (let i = 0; i < this.#holes.length && this.#holes[i]! < limit; i += 2) {
      sum += Math.min(this.#holes[i + 1]!, limit) - this.#holes[i]!
    }
    return sum
  }

  #dig(start: number, end: number): void {
    this.missing += end - start
    if (this.#hasRoom()) this.#holes.push(start, end)
  }

  #hasRoom(): boolean {
    return this.#holes.length < MAX_HOLES * 2 && this.#shared.take(HOLE_BYTES)
  }

  #fill(start: number, end: number): boolean {
    const holes = this.#holes
    let filled = false
    for (let i = 0; i < holes.length && holes[i]! < end;) {
      const from = Math.max(start, holes[i]!)
      const to = Math.min(end, holes[i + 1]!)
      if (from >= to) {
        i += 2
        continue
      }
      filled = true
      this.missing -= to - from
      const left = holes[i]! < from
      const right = to < holes[i + 1]!
      if (left && right) {
        if (this.#hasRoom()) holes.splice(i, 2, holes[i]!, from, to, holes[i + 1]!)
        // No room for both parts: the smaller one is counted for good.
        else if (from - holes[i]! > holes[i + 1]! - to) holes[i + 1] = from
        else holes[i] = to
        return true
      }
      if (left) holes[i + 1] = from
      else if (right) holes[i] = to
      else {
        holes.splice(i, 2)
        this.#shared.give(HOLE_BYTES)
        continue
      }
      i += 2
    }
    return filled
  }
}
