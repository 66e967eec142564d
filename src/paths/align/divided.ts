import { Direction } from '../../tcp/connection.js'
import { joinHashes } from '../digest/payload-hash.js'
import { distance } from '../digest/rows.js'
import type { SegmentLog } from '../digest/segment-log.js'
import type { Alignment } from './alignment.js'

/** A piece of the stream that one place has as one segment: in the sequence numbers of `b`. */
interface Piece {
  row: number
  start: number
  length: number
}

/**
 * Finds segments that were cut or put together between the places, by a network card (TSO, GRO) or a device: their
 * bytes are there, in other segments.
 */
export function alignDivided(alignment: Alignment): void {
  for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
    const { a, b, ofA, ofB, maps } = alignment
    const map = maps[direction]
    const here = pieces(a.log, direction, ofA, (sequence) => map.there(sequence))
    const there = pieces(b.log, direction, ofB, (sequence) => sequence)
    if (here.length === 0 || there.length === 0) continue
    cover(here, there, a.log, b.log, {
      found: (piece, first, missing) => {
        ofA[piece.row] = first.row
        alignment.dividedA[piece.row] = 1
        if (missing > 0) alignment.missingOfA.set(piece.row, missing)
      },
      hash: (piece) => a.log.hash(piece.row),
    })
    cover(there, here, b.log, a.log, {
      found: (piece, first, missing) => {
        ofB[piece.row] = first.row
        alignment.dividedB[piece.row] = 1
        if (missing > 0) alignment.missingOfB.set(piece.row, missing)
      },
      hash: (piece) => b.log.hash(piece.row),
    })
  }
}

function pieces(
  log: SegmentLog,
  direction: Direction,
  partners: Int32Array,
  toThere: (sequence: number) => number,
): Piece[] {
  const found: Piece[] = []
  for (let row = 0; row < log.size; row++) {
    const length = log.length(row)
    if (partners[row]! >= 0 || length === 0 || log.isIcmp(row) || log.direction(row) !== direction) continue
    found.push({ row, start: toThere(log.sequence(row)), length })
  }
  return found
}

interface Found {
  found: (piece: Piece, first: Piece, missing: number) => void
  hash: (piece: Piece) => number
}

/** For each piece of `some`: which pieces of `others` carry its bytes, as far as they do. */
function cover(some: readonly Piece[], others: readonly Piece[], log: SegmentLog, other: SegmentLog, to: Found): void {
  const origin = others[0]!.start
  const sorted = others
    .map((piece) => ({ piece, from: distance(origin, piece.start), to: distance(origin, piece.start) + piece.length }))
    .sort((x, y) => x.from - y.from || x.to - y.to)
  // Furthest end of all up to here: where to begin, since long pieces may start far ahead.
  const ends = sorted.map(({ to: end }) => end)
  for (let at = 1; at < ends.length; at++) ends[at] = Math.max(ends[at]!, ends[at - 1]!)
  for (const piece of some) {
    const from = distance(origin, piece.start)
    const end = from + piece.length
    let first: Piece | null = null
    let covered = from
    let missing = 0
    let hash: number | null = 0
    for (let at = firstAbove(ends, from); at < sorted.length && sorted[at]!.from < end; at++) {
      const each = sorted[at]!
      if (each.to <= covered) continue
      first ??= each.piece
      if (each.from > covered) missing += each.from - covered
      const isWhole = each.from === covered && each.to <= end && !other.isSnapped(each.piece.row)
      hash = isWhole && hash !== null ? joinHashes(hash, other.hash(each.piece.row), each.piece.length) : null
      covered = Math.min(end, each.to)
      if (covered === end) break
    }
    if (!first) continue
    missing += end - covered
    // The same bytes, cut elsewhere; other bytes were rewritten. A lone segment in the same place is no division.
    const isOther = missing === 0 && hash !== null && !log.isSnapped(piece.row) && hash !== to.hash(piece)
    const isSamePlace = first.start === piece.start && first.length === piece.length
    if (!isOther && !isSamePlace && missing < piece.length && isPlausible(piece, first, missing)) {
      to.found(piece, first, missing)
    }
  }
}

/** A short text that overlaps another only in part is another text, not the same one cut elsewhere. */
function isPlausible(piece: Piece, first: Piece, missing: number): boolean {
  return missing === 0 || (piece.length > FULL_SEGMENT && first.length !== piece.length)
}

/** Segments longer than this are merged ones, which a path with a usual MTU has in pieces. */
const FULL_SEGMENT = 1500

function firstAbove(ends: readonly number[], value: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! > value) high = middle
    else low = middle + 1
  }
  return low
}
