import type { Alignment } from './alignment.js'
import type { SegmentLog } from '../digest/segment-log.js'

/** Pairs ICMP errors: the same error about the same segment, in order. */
export function alignIcmp(alignment: Alignment): void {
  const { a, b, maps } = alignment
  const there = new Map<string, number[]>()
  for (const row of errors(b.log)) {
    const key = keyOf(b.log, row, b.log.sequence(row))
    const known = there.get(key)
    if (known) known.push(row)
    else there.set(key, [row])
  }
  if (there.size === 0) return
  for (const row of errors(a.log)) {
    // It quotes a segment of the direction that it does not travel in.
    const map = maps[a.log.direction(row) === 0 ? 1 : 0]
    const other = there.get(keyOf(a.log, row, map.there(a.log.sequence(row))))?.shift()
    if (other !== undefined) alignment.pair(row, other)
  }
}

function* errors(log: SegmentLog): Iterable<number> {
  for (let row = 0; row < log.size; row++) if (log.isIcmp(row)) yield row
}

function keyOf(log: SegmentLog, row: number, sequence: number): string {
  return `${log.direction(row)} ${log.window(row)} ${sequence}`
}
