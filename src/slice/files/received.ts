/** Bytes of a stream that the capture lacks, or that were not decrypted; `length` is `null` where it is unknown. */
export interface Gap {
  at: number
  length: number | null
}

/** What was received of one direction of a data connection, in order. Offsets count the bytes of gaps of known length. */
export interface Received {
  /** Bytes at hand. */
  bytes: number
  gaps: readonly Gap[]
  /** Bytes after these that were not kept because of a limit. */
  leftOut: number
}

/** A stretch of a stream: bytes at hand from `from` on, or, without it, missing ones. */
export interface Stretch {
  from: number | null
  length: number
}

/** Bytes of a stream as far as it was kept, with those that are missing. */
export function lengthOf({ bytes, gaps }: Received): number {
  return gaps.reduce((sum, { length }) => sum + (length ?? 0), bytes)
}

/** Nothing is missing whose length is unknown, so that offsets are right. */
export function hasOffsets({ gaps }: Received): boolean {
  return gaps.every(({ length }) => length !== null)
}

/** The stretches of a stream from one offset to another. A gap of unknown length has the length 0. */
export function* stretchesOf({ bytes, gaps }: Received, from: number, to: number): Iterable<Stretch> {
  let at = 0
  let stored = 0
  for (const gap of [...gaps, null]) {
    const until = gap ? gap.at : at + bytes - stored
    const [first, last] = [Math.max(at, from), Math.min(until, to)]
    if (last > first) yield { from: stored + first - at, length: last - first }
    stored += until - at
    at = until
    if (!gap || at > to) return
    if (gap.length === null) {
      if (at >= from && at < to) yield { from: null, length: 0 }
      continue
    }
    const missing = Math.min(at + gap.length, to) - Math.max(at, from)
    if (missing > 0) yield { from: null, length: missing }
    at += gap.length
  }
}
