import type { Observation } from '../digest/observation.js'
import type { SequenceMap } from './sequence-map.js'

/** A payload that differs between two places. */
export interface Rewriting {
  /** Rows at both places. */
  row: number
  there: number
  /** Bytes that it became longer. */
  longer: number
  /**
   * By how much later sequence numbers and acknowledgments were corrected, which should be as much; `null` if the
   * length is the same, or nothing followed that shows it.
   */
  corrected: number | null
}

/** Which packets of one connection at two places are the same. */
export class Alignment {
  readonly a: Observation
  readonly b: Observation
  /** By row of `a`: the row of `b` that it is, or the first of those that carry its bytes; -1 for none. */
  readonly ofA: Int32Array
  readonly ofB: Int32Array
  /** Rows whose bytes another division into segments carries at the other place. */
  readonly dividedA: Uint8Array
  readonly dividedB: Uint8Array
  /** By row: payload bytes that the other place has not, of a segment that it has in part. */
  readonly missingOfA = new Map<number, number>()
  readonly missingOfB = new Map<number, number>()
  /** Sequence numbers of `a` as `b` shows them, by direction. */
  readonly maps: readonly [SequenceMap, SequenceMap]
  readonly rewritings: Rewriting[] = []

  constructor(a: Observation, b: Observation, maps: readonly [SequenceMap, SequenceMap]) {
    this.a = a
    this.b = b
    this.ofA = new Int32Array(a.log.size).fill(-1)
    this.ofB = new Int32Array(b.log.size).fill(-1)
    this.dividedA = new Uint8Array(a.log.size)
    this.dividedB = new Uint8Array(b.log.size)
    this.maps = maps
  }

  pair(row: number, there: number): void {
    this.ofA[row] = there
    this.ofB[there] = row
  }

  /** Number of packets that both places have, counted at `a`. */
  get matched(): number {
    let count = 0
    for (const there of this.ofA) if (there >= 0) count++
    return count
  }
}
