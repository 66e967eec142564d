import type { ReportOptions } from '../format.js'
import { clip, clipMiddle, displayWidth } from '../text/display-width.js'
import { duration } from '../text/units.js'
import type { FlightReport, PathReport } from './contract.js'

/** Columns between two places: if narrower, no label fits; if wider, lines are hard to follow. */
const NARROWEST = 18
const WIDEST = 60
const INDENT = 3
const LEGEND = '✗ lost   * sent by a device between   ? not in the other capture   ⋮ packets omitted'

interface Layout {
  /** Columns of the frame number before each place's line, and of the arrow before that. */
  frame: number
  arrow: number
  time: number
}

/** The packets of a path with a column for each place: each line is one packet on its way past them. */
export function pathLadder(path: PathReport, { width, style }: Pick<ReportOptions, 'width' | 'style'>): string[] {
  const { packets, places } = path
  if (packets.length === 0 || places.length < 2) return []
  const times = packets.map(({ timeMs }) => duration(timeMs))
  const layout = layOut(packets, places.length, times, width)
  const lines = [style.faint(heading(path, layout))]
  for (const [index, flight] of packets.entries()) {
    const mark = flight.skipped > 0 ? '⋮' : ' '
    const lead = `${' '.repeat(INDENT)}${mark} ${times[index]!.padStart(layout.time)}  `
    const isBad = flight.end === 'lost' || flight.start === 'injected'
    const line = flightLine(flight, layout)
    const isOdd = flight.became.length > 0 || flight.end === 'unknown' || flight.start === 'unknown'
    lines.push(style.faint(lead) + (isBad ? style.failed(line) : isOdd ? style.degraded(line) : line))
    for (const became of flight.became) {
      lines.push(style.degraded(' '.repeat(lead.length) + spellingLine(flight, became, layout)))
    }
  }
  lines.push(style.faint(`${' '.repeat(INDENT + 2)}${LEGEND}`))
  return lines
}

function layOut(packets: readonly FlightReport[], places: number, times: readonly string[], width: number): Layout {
  const frames = packets.flatMap(({ frames: all }) => all.map((frame) => String(frame ?? '').length))
  const frame = Math.max(2, ...frames) + 2
  const time = Math.max(...times.map((text) => text.length))
  const free = width - (INDENT + 2 + time + 2) - (frame + 1)
  const gap = Math.floor(free / (places - 1)) - frame - 1
  return { frame, time, arrow: Math.min(WIDEST, Math.max(NARROWEST, gap)) }
}

function heading({ places }: PathReport, layout: Layout): string {
  const lead = ' '.repeat(INDENT + 2 + layout.time + 2 + layout.frame)
  const column = layout.arrow + layout.frame + 1
  return (lead + places.map(({ file }) => clip(file, column - 2).padEnd(column)).join('')).trimEnd()
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
function gapOf(flight: FlightReport, left: number, { arrow }: Layout): string {
  const { frames, toward, end, start } = flight
  const [here, there] = [frames[left] !== null, frames[left + 1] !== null]
  const isRightwards = toward === 'server'
  if (!here && !there) return ' '.repeat(arrow)
  const isLeft = isRightwards ? here : there
  const arrives = isRightwards ? there : here
  const label = isLabelled(flight, left) ? flight.packet : ''
  if (isLeft && arrives) return shaft(label, arrow, isRightwards, isRightwards ? '►' : '◄')
  const part = Math.max(8, Math.ceil(arrow * 0.7))
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
  const strokes = Math.max(1, width - 3 - displayWidth(clipped))
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
      const text = place - 1 === left ? `   → ${clipMiddle(packet, layout.arrow - 5)}` : ''
      line += text + ' '.repeat(layout.arrow - displayWidth(text))
    }
    line += ' '.repeat(layout.frame) + '│'
  }
  return line
}
