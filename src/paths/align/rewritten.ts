import { Direction } from '../../tcp/connection.js'
import { distance, endSequence } from '../digest/rows.js'
import type { Alignment } from './alignment.js'
import { pairByKeys } from './pair-by-keys.js'

/** Payloads of other length that are followed up, for each direction. */
const MOST_REWRITINGS = 64

/**
 * Finds payload that was rewritten: other bytes at the same place of the stream. Where the length changed, a device
 * that does it properly corrects all later sequence numbers and acknowledgments; what followed shows whether it did.
 * Returns whether there were any.
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
  const longer = b.log.length(there) - a.log.length(row)
  let corrected: number | null = null
  if (longer !== 0) {
    const end = endSequence(a.log, row)
    corrected = correctionAfter(alignment, direction, end)
    // Without anything that followed, acknowledgments may still show the correction.
    if (corrected !== 0) maps[direction].step(end, corrected ?? longer)
  }
  alignment.rewritings.push({ row, there, longer, corrected })
  pairByKeys(alignment)
}

/** By how much the sequence number of the next packet that passed was changed; `null` if nothing shows it. */
function correctionAfter({ a, b, ofA, ofB, maps }: Alignment, direction: Direction, end: number): number | null {
  const there = new Map<string, number>()
  for (let row = b.log.size - 1; row >= 0; row--) {
    if (ofB[row]! < 0 && !b.log.isIcmp(row) && b.log.direction(row) === direction) there.set(followKey(b.log, row), row)
  }
  for (let row = 0; row < a.log.size; row++) {
    if (a.log.isIcmp(row) || a.log.direction(row) !== direction || distance(end, a.log.sequence(row)) < 0) continue
    const other = ofA[row]! >= 0 ? ofA[row]! : there.get(followKey(a.log, row))
    if (other === undefined) continue
    const sequence = a.log.sequence(row)
    const correction = distance(sequence, b.log.sequence(other)) - maps[direction].shiftAt(sequence)
    if (Math.abs(correction) <= MOST_CORRECTED) return correction
  }
  return null
}

/** Corrections are of the size of an address in text. */
const MOST_CORRECTED = 1000

function followKey(log: Alignment['a']['log'], row: number): string {
  return `${log.length(row)} ${log.hash(row)} ${log.flags(row) & 7} ${log.identification(row)}`
}
