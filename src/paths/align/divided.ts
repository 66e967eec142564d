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
    const takenHere = (piece: Piece, first: Piece, missing: number): void => {
      ofA[piece.row] = first.row
      alignment.dividedA[piece.row] = 1
      if (missing > 0) alignment.missingOfA.set(piece.row, missing)
    }
    const takenThere = (piece: Piece, first: Piece, missing: number): void => {
      ofB[piece.row] = first.row
      alignment.dividedB[piece.row] = 1
      if (missing > 0) alignment.missingOfB.set(piece.row, missing)
    }
    for (const [group, others] of equalGroups(here, there, a.log, b.log)) {
      for (const piece of group) takenHere(piece, others[0]!, 0)
      for (const piece of others) takenThere(piece, group[0]!, 0)
    }
    const isLeftHere = here.filter(({ row }) => ofA[row]! < 0)
    const isLeftThere = there.filter(({ row }) => ofB[row]! < 0)
    coverMerged(isLeftHere, isLeftThere, takenHere)
    coverMerged(isLeftThere, isLeftHere, takenThere)
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

/** Groups of pieces of both places that begin and end at the same places of the stream, and carry the same bytes. */
function* equalGroups(
  here: readonly Piece[],
  there: readonly Piece[],
  log: SegmentLog,
  other: SegmentLog,
): Iterable<[Piece[], Piece[]]> {
  const [unused, unusedThere] = [byStart(here), byStart(there)]
  for (const piece of here) {
    if (!unused.get(piece.start)?.includes(piece)) continue
    const [left, right] = [new Group(unused, log), new Group(unusedThere, other)]
    left.begin(piece.start, piece)
    if (!right.begin(piece.start)) continue
    while (left.length !== right.length) if (!(left.length < right.length ? left : right).extend()) break
    if (left.length !== right.length || left.hash !== right.hash || left.hash === null) continue
    left.take()
    right.take()
    yield [left.pieces, right.pieces]
  }
}

function byStart(pieces: readonly Piece[]): Map<number, Piece[]> {
  const found = new Map<number, Piece[]>()
  for (const piece of pieces) {
    const known = found.get(piece.start)
    if (known) known.push(piece)
    else found.set(piece.start, [piece])
  }
  return found
}

/** Pieces that follow each other without a gap. */
class Group {
  readonly pieces: Piece[] = []
  length = 0
  /** Of all their bytes; `null` if some were not captured. */
  hash: number | null = 0
  readonly #unused: Map<number, Piece[]>
  readonly #log: SegmentLog
  #start = 0

  constructor(unused: Map<number, Piece[]>, log: SegmentLog) {
    this.#unused = unused
    this.#log = log
  }

  /** Whether a piece begins there: the given one, or the first. */
  begin(start: number, piece = this.#unused.get(start)?.[0]): boolean {
    this.#start = start
    if (piece) this.#add(piece)
    return piece !== undefined
  }

  /** Adds the piece that continues it, if there is one. */
  extend(): boolean {
    const next = this.#unused.get((this.#start + this.length) >>> 0)?.[0]
    if (next) this.#add(next)
    return next !== undefined
  }

  /** Its pieces are used up. */
  take(): void {
    for (const piece of this.pieces) {
      const same = this.#unused.get(piece.start)!
      same.splice(same.indexOf(piece), 1)
    }
  }

  #add(piece: Piece): void {
    this.pieces.push(piece)
    this.length += piece.length
    const isWhole = this.hash !== null && !this.#log.isSnapped(piece.row)
    this.hash = isWhole ? joinHashes(this.hash!, this.#log.hash(piece.row), piece.length) : null
  }
}

/** Segments longer than this are merged ones, which a path with a usual MTU has in pieces. */
const FULL_SEGMENT = 1500

/**
 * Merged segments of which the other place has a part only, and pieces of merged segments: for each piece of `some`,
 * how many of its bytes no piece of `others` carries.
 */
function coverMerged(
  some: readonly Piece[],
  others: readonly Piece[],
  found: (piece: Piece, first: Piece, missing: number) => void,
): void {
  if (some.length === 0 || others.length === 0) return
  const origin = others[0]!.start
  const sorted = others
    .map((piece) => ({ piece, from: distance(origin, piece.start), to: distance(origin, piece.start) + piece.length }))
    .sort((x, y) => x.from - y.from || x.to - y.to)
  // Furthest end of all up to here: where to begin, since long pieces may start far ahead.
  const ends = sorted.map(({ to }) => to)
  for (let at = 1; at < ends.length; at++) ends[at] = Math.max(ends[at]!, ends[at - 1]!)
  for (const piece of some) {
    const from = distance(origin, piece.start)
    const end = from + piece.length
    let first: Piece | null = null
    let covered = from
    let missing = 0
    for (let at = firstAbove(ends, from); at < sorted.length && sorted[at]!.from < end; at++) {
      const each = sorted[at]!
      const isMerged = Math.max(piece.length, each.piece.length) > FULL_SEGMENT
      if (each.to <= covered || !isMerged || each.piece.length === piece.length) continue
      first ??= each.piece
      missing += Math.max(0, each.from - covered)
      covered = Math.min(end, each.to)
      if (covered === end) break
    }
    missing += end - covered
    if (first && (missing === 0 || piece.length > FULL_SEGMENT)) found(piece, first, missing)
  }
}

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
