import type { ReportOptions } from '../format.js'
import { withoutCommon } from '../place/without-common.js'
import { clipMiddle, displayWidth } from '../text/display-width.js'
import { duration } from '../text/units.js'
import type { FlightReport } from './contract.js'

/** Columns between two places: if narrower, no label fits; if wider, lines are hard to follow. */
const NARROWEST = 18
const WIDEST = 60
/** The same of arrows without labels; these then stand in a column of their own, which is at least this wide. */
const NARROWEST_BARE = 5
const WIDEST_BARE = 14
const NARROWEST_LABELS = 18
const INDENT = 3
/** What the marks mean; those that a ladder has are explained below it. */
const LEGEND: readonly [text: string, has: (flight: FlightReport) => boolean][] = [
  ['✗ lost', ({ end }) => end === 'lost'],
  ['* sent by a device between', ({ start }) => start === 'injected'],
  ['? not in the other capture', ({ end, start }) => end === 'unknown' || start === 'unknown'],
  ['⋮ packets omitted', ({ skipped }) => skipped > 0],
]

interface Layout {
  /** Columns of the frame number before each place's line, and of the arrow before that. */
  frame: number
  arrow: number
  time: number
  /** Columns of the labels after the last place; 0 if they stand on the arrows. */
  labels: number
}

/** What a ladder is drawn of: packets, and the places that they pass from left to right. */
export interface LadderOfPlaces {
  places: readonly { file: string }[]
  packets: readonly FlightReport[]
}

/** Packets with a column for each place: each line is one packet on its way past them. */
export function pathLadder(
  { places, packets }: LadderOfPlaces,
  { width, style }: Pick<ReportOptions, 'width' | 'style'>,
): string[] {
  if (packets.length === 0 || places.length < 2) return []
  const times = packets.map(({ timeMs }) => duration(timeMs))
  const layout = layOut(packets, places.length, times, width)
  if (!layout) return [style.faint(`${' '.repeat(INDENT)}${places.length} places do not fit into this width`)]
  const lines = [style.faint(heading(places, layout))]
  for (const [index, flight] of packets.entries()) {
    const mark = flight.skipped > 0 ? '⋮' : ' '
    const lead = `${' '.repeat(INDENT)}${mark} ${times[index]!.padStart(layout.time)}  `
    const isBad = flight.end === 'lost' || flight.start === 'injected'
    const line = flightLine(flight, layout) + labelAfter(flight.packet, layout)
    const isOdd = flight.became.length > 0 || flight.end === 'unknown' || flight.start === 'unknown'
    lines.push(style.faint(lead) + (isBad ? style.failed(line) : isOdd ? style.degraded(line) : line))
    for (const became of flight.became) {
      lines.push(style.degraded(' '.repeat(lead.length) + spellingLine(flight, became, layout)))
    }
  }
  const legend = LEGEND.filter(([, has]) => packets.some(has)).map(([text]) => text)
  if (legend.length > 0) lines.push(style.faint(' '.repeat(INDENT + 2) + legend.join('   ')))
  return lines
}

/** `null` if not even arrows without labels fit. */
function layOut(
  packets: readonly FlightReport[],
  places: number,
  times: readonly string[],
  width: number,
): Layout | null {
  const frames = packets.flatMap(({ frames: all }) => all.map((frame) => String(frame ?? '').length))
  const frame = Math.max(2, ...frames) + 2
  const time = Math.max(...times.map((text) => text.length))
  const free = width - (INDENT + 2 + time + 2) - (frame + 1)
  const gap = Math.floor(free / (places - 1)) - frame - 1
  if (gap >= NARROWEST) return { frame, time, arrow: Math.min(WIDEST, gap), labels: 0 }
  const bare = Math.floor((free - NARROWEST_LABELS) / (places - 1)) - frame - 1
  if (bare < NARROWEST_BARE) return null
  const arrow = Math.min(WIDEST_BARE, bare)
  return { frame, time, arrow, labels: free - (places - 1) * (arrow + frame + 1) }
}

/** The first name begins at its frame numbers, the last one ends at its line, the others stand above theirs. */
function heading(places: LadderOfPlaces['places'], layout: Layout): string {
  const column = layout.arrow + layout.frame + 1
  const first = INDENT + 2 + layout.time + 2 + layout.frame
  let line = ''
  const isOuter = (at: number): boolean => at === 0 || (at === places.length - 1 && layout.labels === 0)
  const room = (at: number): number => (isOuter(at) ? Math.floor((column + layout.frame) / 2) - 1 : column - 2)
  const names = places.map(({ file }) => file)
  const fit = names.every((name, at) => displayWidth(name) <= room(at))
  for (const [at, file] of (fit ? names : withoutCommon(names)).entries()) {
    const name = clipMiddle(file, room(at))
    const [width, center] = [displayWidth(name), first + at * column]
    const start = at === 0 ? center - layout.frame + 1 : isOuter(at) ? center + 1 - width : center - (width >> 1)
    line += ' '.repeat(Math.max(1, start - displayWidth(line))) + name
  }
  return line
}

function labelAfter(label: string, { labels }: Layout): string {
  return labels === 0 ? '' : `  ${clipMiddle(label, labels - 2)}`
}

function flightLine(flight: FlightReport, layout: Layout): string {
  const { frames } = flight
  let line = ''
  for (const [place, frame] of frames.entries()) {
    if (place > 0) line += gapOf(flight, place - 1, layout)
    line += (frame === null ? '' : `#${frame}`).padStart(layout.frame) + '│'
  }
  return line
}

/** The arrow between two places, `layout.arrow` columns wide. */
function gapOf(flight: FlightReport, left: number, { arrow, labels }: Layout): string {
  const { frames, toward, end, start } = flight
  const [here, there] = [frames[left] !== null, frames[left + 1] !== null]
  const isRightwards = toward === 'server'
  if (!here && !there) return ' '.repeat(arrow)
  const isLeft = isRightwards ? here : there
  const arrives = isRightwards ? there : here
  const label = labels === 0 && isLabelled(flight, left) ? flight.packet : ''
  if (isLeft && arrives) return shaft(label, arrow, isRightwards, isRightwards ? '►' : '◄')
  const part = Math.min(arrow, Math.max(8, Math.ceil(arrow * 0.7)))
  if (isLeft) {
    const head = end === 'lost' ? '✗' : '?'
    return pad(shaft(label, part, isRightwards, head), arrow, isRightwards)
  }
  const tail = start === 'injected' ? '*' : '?'
  const drawn = shaft(label, part - 1, isRightwards, isRightwards ? '►' : '◄')
  return pad(isRightwards ? tail + drawn : drawn + tail, arrow, !isRightwards)
}

/** The label stands where the packet is first on its way. */
function isLabelled({ frames, toward }: FlightReport, left: number): boolean {
  const gaps = frames.slice(1).map((frame, index) => frame !== null || frames[index] !== null)
  return left === (toward === 'server' ? gaps.indexOf(true) : gaps.lastIndexOf(true))
}

function shaft(label: string, width: number, isRightwards: boolean, head: string): string {
  // The end of an announcement is what matters.
  const clipped = label === '' ? '' : ` ${clipMiddle(label, Math.max(1, width - 7))} `
  const strokes = Math.max(0, width - 3 - displayWidth(clipped))
  return isRightwards ? `──${clipped}${'─'.repeat(strokes)}${head}` : `${head}──${clipped}${'─'.repeat(strokes)}`
}

/** Fills up behind the arrow's end. */
function pad(drawn: string, width: number, atEnd: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - displayWidth(drawn)))
  return atEnd ? drawn + fill : fill + drawn
}

/** The other spelling, below the arrow in which it changed. */
function spellingLine(flight: FlightReport, { after, packet }: FlightReport['became'][number], layout: Layout): string {
  const left = flight.toward === 'server' ? after : after - 1
  let line = ''
  for (const place of flight.frames.keys()) {
    if (place > 0) {
      const text = layout.labels === 0 && place - 1 === left ? `   → ${clipMiddle(packet, layout.arrow - 5)}` : ''
      line += text + ' '.repeat(layout.arrow - displayWidth(text))
    }
    line += ' '.repeat(layout.frame) + '│'
  }
  return line + labelAfter(`→ ${packet}`, layout)
}
