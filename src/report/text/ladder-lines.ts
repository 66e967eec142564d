import type { Ladder, LadderRow, Place } from '../ladder/model.js'
import { rowFrames } from '../place/file-frames.js'
import type { TextContext } from './context.js'
import { clip, displayWidth } from './display-width.js'
import { millisecondsBetween } from './time.js'
import { duration } from './units.js'

/** Columns between client and server: if narrower, no label fits; if wider, lines are hard to follow. */
const NARROWEST = 30
const WIDEST = 90

interface Layout {
  /** Columns of the three lanes; -1 for a middlebox that has none. */
  lanes: Record<Place, number>
  lead: number
  frame: number
  time: number
}

/** A ladder in characters: frame, time since `start`, and an arrow from the sender to where the packet got. */
export function ladderLines(
  ladder: Ladder,
  start: string,
  indent: number,
  { width, style, frames: files }: Pick<TextContext, 'width' | 'style' | 'frames'>,
): string[] {
  const { rows } = ladder
  if (rows.length === 0) return []
  const times = rows.map(({ time }) => duration(millisecondsBetween(start, time)))
  const numbers = rowFrames(
    rows.map(({ frame }) => frame),
    files,
  )
  const layout = layOut(ladder, times, indent, width)
  const margin = ' '.repeat(indent)
  const lines = heading(ladder, layout).map((line) => style.faint(' '.repeat(layout.lead) + line))
  for (const [at, row] of rows.entries()) {
    const { frame: number, file } = numbers[at]!
    if (file !== null) lines.push(style.faint(`${margin} ${file}`))
    const mark = row.skipped > 0 ? '⋮' : ' '
    const frame = `${mark}${`#${number}`.padStart(layout.frame)}`
    const lead = `${margin}${frame}  ${times[at]!.padStart(layout.time)}  `
    const arrow = arrowOf(row, layout.lanes)
    lines.push(style.faint(lead) + (isBad(row) ? style.failed(arrow) : row.proof ? style.heading(arrow) : arrow))
  }
  lines.push(style.faint(`${margin} ${LEGEND}`))
  return lines
}

const LEGEND = '── control   ══ data   ✗ lost   ⋮ lines omitted'

function layOut({ rows, middlebox }: Ladder, times: readonly string[], indent: number, width: number): Layout {
  const frame = Math.max(...rows.map((row) => String(row.frame).length)) + 1
  const time = Math.max(...times.map((text) => text.length))
  const lead = indent + 1 + frame + 2 + time + 2
  const last = Math.min(WIDEST, Math.max(NARROWEST, width - lead)) - 1
  const column = middlebox === null || middlebox.name === 'network' ? -1 : Math.floor(last / 2)
  return { lanes: { client: 0, middlebox: column, server: last }, lead, frame, time }
}

/** Names of the lanes, with addresses if there is room. */
function heading({ client, middlebox, server }: Ladder, { lanes }: Layout): string[] {
  const middle = lanes.middlebox < 0 || !middlebox ? '' : [middlebox.name, middlebox.address ?? []].flat().join(' ')
  const width = lanes.server + 1
  for (const [left, right] of [
    [`client ${client}`, `server ${server}`],
    ['client', 'server'],
  ] as const) {
    const free = width - left.length - right.length - middle.length
    if (free < 4) continue
    const before = Math.max(2, Math.min(free - 2, Math.round(width / 2 - middle.length / 2) - left.length))
    return [left + ' '.repeat(before) + middle + ' '.repeat(free - before) + right]
  }
  return []
}

function isBad({ lost, kind }: LadderRow): boolean {
  return lost || kind === 'rst' || kind === 'icmp' || kind === 'alert'
}

/** `│── label ──────►│`, with the other lanes to its left and right. */
function arrowOf(row: LadderRow, lanes: Layout['lanes']): string {
  const [from, to] = [laneOf(row.from, lanes), laneOf(row.to, lanes)]
  const rightwards = from < to
  const between = Math.abs(to - from) - 1
  // The distance of the middlebox is unknown: an arrow to or from it may cross its lane to make room for the label.
  const toMiddlebox = row.to === 'middlebox'
  const elastic = toMiddlebox || row.from === 'middlebox'
  const label = clip(row.label, (elastic ? lanes.server - 2 : between) - ENDS)
  const needed = displayWidth(label) + ENDS
  const length = elastic ? Math.max(between, needed) : between
  const stroke = row.channel === 'data' ? '═' : '─'
  const shaft = `${stroke.repeat(2)} ${label} ${stroke.repeat(length - needed)}`
  const head = row.lost ? '✗' : rightwards ? '►' : '◄'
  const start = rightwards === toMiddlebox ? Math.min(from, to) + 1 : Math.max(from, to) - length
  const all = [0, lanes.middlebox, lanes.server]
  const lane = (column: number): string => (all.includes(column) ? '│' : ' ')
  let line = ''
  for (let column = 0; column < start; column++) line += lane(column)
  line += rightwards ? shaft + head : head + shaft
  for (let column = start + length; column <= lanes.server; column++) line += lane(column)
  return line.trimEnd()
}

/** Columns of an arrow besides its label: strokes, spaces and head. */
const ENDS = 5

function laneOf(place: Place, lanes: Layout['lanes']): number {
  return place === 'middlebox' && lanes.middlebox < 0 ? Math.floor(lanes.server / 2) : lanes[place]
}
