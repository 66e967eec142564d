import type { LadderRow } from '../../report/ladder/model.js'
import { millisecondsBetween } from '../../report/text/time.js'

/** A row with its place from the top, in pixels. */
export interface PlacedRow {
  row: LadderRow
  y: number
  /** Milliseconds since the row before; `null` for the first. */
  pause: number | null
}

/** An announcement and the first packet of the announced connection. */
export interface Link {
  dataChannel: number
  from: number
  to: number
}

const STEP = 30
/** Extra height of a pause or of omitted rows. */
const GAP = 20
/** Shortest pause that is labeled, in milliseconds. */
export const LONG_PAUSE = 1000
/** Target height of a ladder to scale, in pixels per row; pauses share what the rows leave. */
const SCALED_STEP = 64

/** Places rows evenly, or at distances that grow with the time between them. */
export function placeRows(rows: readonly LadderRow[], toScale: boolean): { placed: PlacedRow[]; height: number } {
  const pauses = rows.map((row, at) =>
    at === 0 ? null : Math.max(0, millisecondsBetween(rows[at - 1]!.time, row.time)),
  )
  const total = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0)
  const perMillisecond = total === 0 ? 0 : (rows.length * SCALED_STEP) / total
  let y = 6
  const placed = rows.map((row, at): PlacedRow => {
    const pause = pauses[at] ?? null
    const scaled = toScale && pause !== null ? pause * perMillisecond : 0
    const marked = row.skipped > 0 || (pause !== null && pause >= LONG_PAUSE)
    y += Math.max(STEP + (marked ? GAP : 0), scaled)
    return { row, y, pause }
  })
  return { placed, height: y + 18 }
}

/** From each announcement to the first packet that followed it. */
export function linksOf(placed: readonly PlacedRow[]): Link[] {
  const links: Link[] = []
  for (const [at, { row, y }] of placed.entries()) {
    if (row.kind !== 'announcement' || row.dataChannel === null) continue
    const first = placed
      .slice(at + 1)
      .find(({ row: next }) => next.channel === 'data' && next.dataChannel === row.dataChannel)
    if (first) links.push({ dataChannel: row.dataChannel, from: y, to: first.y })
  }
  return links
}
