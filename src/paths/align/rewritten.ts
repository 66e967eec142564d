import { Direction } from '../../tcp/connection.js'
import { distance, endSequence } from '../digest/rows.js'
import type { Alignment } from './alignment.js'
import { pairByKeys } from './pair-by-keys.js'

/** Payloads of other length that are followed up, for each direction. */
const MOST_REWRITINGS = 64

/**
 * Finds payload that was rewritten: other bytes at the same place of the stream. Where the length changed, a device that
 * does it properly corrects all later sequence numbers and acknowledgments; what followed shows whether it did. Returns
 * whether there were any.
 */
export function alignRewritten(alignment: Alignment): boolean {
  let any = false
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    for (let tries = 0; tries < MOST_REWRITINGS; tries++) {
      const found = firstRewritten(alignment, direction)
      if (!found) break
      any = true
      pairRewritten(alignment, direction, found)
    }
  }
  return any
}

/** The unpaired packets of both places that have the same place in the stream, and other bytes: the lowest. */
function firstRewritten({ a, b, ofA, ofB, maps }: Alignment, direction: Direction): [number, number] | null {
  const there = new Map<number, number>()
  for (let row = b.log.size - 1; row >= 0; row--) {
    if (ofB[row]! < 0 && carries(b.log, row, direction)) there.set(b.log.sequence(row), row)
  }
  if (there.size === 0) return null
  let best: [number, number] | null = null
  for (let row = 0; row < a.log.size; row++) {
    if (ofA[row]! >= 0 || !carries(a.log, row, direction)) continue
    const other = there.get(maps[direction].there(a.log.sequence(row)))
    if (other === undefined) continue
    if (!best || distance(a.log.sequence(best[0]), a.log.sequence(row)) < 0) best = [row, other]
  }
  return best
}

function carries(log: Alignment['a']['log'], row: number, direction: Direction): boolean {
  return !log.isIcmp(row) && log.direction(row) === direction && log.length(row) > 0 && !log.isSnapped(row)
}

function pairRewritten(alignment: Alignment, direction: Direction, [row, there]: [number, number]): void {
  const { a, b, maps } = alignment
  alignment.pair(row, there)
  const more = b.log.length(there) - a.log.length(row)
  let mended: boolean | null = null
  if (more !== 0) {
    const end = endSequence(a.log, row)
    mended = isMended(alignment, direction, end, more)
    // Without anything that followed, acknowledgments may still show the correction.
    if (mended !== false) maps[direction].step(end, more)
  }
  alignment.rewritings.push({ row, there, mended })
  pairByKeys(alignment)
}

/** Which packets of the other place what followed here is: those with corrected numbers, or with the same ones. */
function isMended(
  { a, b, ofA, ofB, maps }: Alignment,
  direction: Direction,
  end: number,
  more: number,
): boolean | null {
  const log = b.log
  const there = new Set<string>()
  for (let row = 0; row < log.size; row++) {
    if (ofB[row]! < 0 && !log.isIcmp(row) && log.direction(row) === direction) there.add(followKey(log, row, 0))
  }
  let corrected = 0
  let same = 0
  for (let row = 0; row < a.log.size; row++) {
    if (ofA[row]! >= 0 || a.log.isIcmp(row) || a.log.direction(row) !== direction) continue
    if (distance(end, a.log.sequence(row)) < 0) continue
    const shift = maps[direction].shiftAt(a.log.sequence(row))
    if (there.has(followKey(a.log, row, shift + more))) corrected++
    if (there.has(followKey(a.log, row, shift))) same++
  }
  return corrected === same ? null : corrected > same
}

function followKey(log: Alignment['a']['log'], row: number, shift: number): string {
  return `${(log.sequence(row) + shift) >>> 0} ${log.length(row)} ${log.hash(row)} ${log.flags(row) & 7}`
}
