import type { PathConnectionReport, SessionPlaceReport } from '../../report/contract.js'
import { shortName } from '../../report/place/file-frames.js'
import { withoutCommon } from '../../report/place/without-common.js'
import { duration, plural } from '../../report/text/units.js'
import { type PlacedFlight, placeFlights, type Stroke, strokesOf } from '../model/path-layout.js'
import { useWidth } from './use-width.js'

/** Above the rows: where each place is, and its file. */
const HEAD = 46
/** Width of a character of the labels' monospaced font, in pixels. */
const LETTER = 7.3
const SMALL_LETTER = 6.7
const NARROW = 560

interface Props {
  places: readonly SessionPlaceReport[]
  connection: PathConnectionReport
}

/**
 * The packets of a connection on their way past the places as SVG: a line for each place, time downwards by one clock.
 * A lost packet ends in a cross where it was lost, and a changed one has both spellings.
 */
export function PathDrawing({ places, connection }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(860)
  const { placed, height } = placeFlights(connection.packets)
  const total = HEAD + height
  const isNarrow = width < NARROW
  const first = isNarrow ? 30 : 84
  const last = width - (isNarrow ? 30 : 60)
  const columns = places.map((_, at) => first + ((last - first) * at) / Math.max(1, places.length - 1))
  const distance = columns[1]! - columns[0]!
  const files = places.map(({ file }) => shortName(file))
  const names = files.every(({ length }) => length * SMALL_LETTER < distance / 2) ? files : withoutCommon(files)
  return (
    <div ref={ref} class="ladder">
      <svg
        width={width}
        height={total}
        viewBox={`0 0 ${width} ${total}`}
        role="img"
        aria-label={description(places, connection)}
      >
        {places.map((place, at) => (
          <Place key={at} place={place} name={names[at]!} at={at} columns={columns} height={total} />
        ))}
        <g transform={`translate(0 ${HEAD})`}>
          {placed.map((each, at) => (
            <Flight key={at} placed={each} columns={columns} time={!isNarrow} />
          ))}
        </g>
      </svg>
    </div>
  )
}

function description(places: Props['places'], { packets }: PathConnectionReport): string {
  const count = (has: (packet: (typeof packets)[number]) => boolean): number => packets.filter(has).length
  const fates = [
    `${count(({ end }) => end === 'lost')} lost`,
    `${count(({ became }) => became.length > 0)} changed`,
    `${count(({ start }) => start === 'injected')} injected`,
  ]
  const where = places.map(({ file }) => shortName(file)).join(', ')
  return `${plural(packets.length, 'packet')} on their way past ${where}: ${fates.join(', ')}. The table of fates has the same.`
}

const NAMES: Record<SessionPlaceReport['at'], string> = {
  client: 'client',
  server: 'server',
  middle: 'between',
  unknown: 'place',
}

interface PlaceProps {
  place: SessionPlaceReport
  name: string
  at: number
  columns: readonly number[]
  height: number
}

function Place({ place, name, at, columns, height }: PlaceProps) {
  const x = columns[at]!
  const isLast = at === columns.length - 1
  const anchor = at === 0 ? 'start' : isLast ? 'end' : 'middle'
  // The outer names may use the margin.
  const start = at === 0 ? 4 : isLast ? x + Math.min(x, 26) : x
  const distance = columns[1]! - columns[0]!
  const room = (anchor === 'middle' ? distance - 10 : distance / 2 + 20) / SMALL_LETTER
  return (
    <g class="lane">
      <line x1={x} x2={x} y1={HEAD - 4} y2={height} />
      <text class="name" x={start} y={18} text-anchor={anchor}>
        {NAMES[place.at]}
      </text>
      <text class="address" x={start} y={34} text-anchor={anchor}>
        {ending(name, Math.floor(room))}
        <title>{place.file}</title>
      </text>
    </g>
  )
}

/** The end of a name is what distinguishes files. */
function ending(name: string, room: number): string {
  return name.length <= room ? name : `…${name.slice(1 - Math.max(2, room))}`
}

function Flight({
  placed: { flight, y },
  columns,
  time,
}: {
  placed: PlacedFlight
  columns: readonly number[]
  time: boolean
}) {
  const { sender, packet, became, end, start, skipped, timeMs, localFrames } = flight
  const [first, last] = [columns[0]!, columns.at(-1)!]
  const middle = (first + last) / 2
  const isOdd = became.length > 0
  const classes = ['row', end === 'lost' || start === 'injected' ? 'lost' : isOdd ? 'changed' : ''].join(' ')
  const room = Math.floor((last - first - 20) / LETTER)
  const isRightwards = flight.toward === 'server'
  // Between two places in the middle; past several, where the packet sets out.
  const label =
    columns.length === 2
      ? ({ x: middle, 'text-anchor': 'middle' } as const)
      : ({ x: isRightwards ? first + 10 : last - 10, 'text-anchor': isRightwards ? 'start' : 'end' } as const)
  return (
    <g class={classes} data-sender={sender}>
      <title>{`${duration(timeMs)} ${packet}${became.map((each) => ` → ${each.packet}`).join('')}`}</title>
      {skipped > 0 && (
        <text class="interval" x={middle} y={y - 22} text-anchor="middle">
          ⋮ {skipped} omitted
        </text>
      )}
      {time && (
        <text class="time" x={first - 34} y={y + 4} text-anchor="end">
          {duration(timeMs)}
        </text>
      )}
      {strokesOf(flight).map((stroke) => (
        <Arrow key={stroke.left} stroke={stroke} columns={columns} y={y} />
      ))}
      {localFrames.map(
        (frame, at) =>
          frame !== null && (
            <text
              key={at}
              class="frame"
              x={columns[at]! + (at === columns.length - 1 ? 4 : -4)}
              y={y + 12}
              text-anchor={at === columns.length - 1 ? 'start' : 'end'}
            >
              #{frame}
            </text>
          ),
      )}
      <text class="label" y={y - 5} {...label}>
        {clipped(packet, room)}
      </text>
      {became.map((each, at) => (
        <text key={at} class="label became" y={y + 14 + 14 * at} {...label}>
          {clipped(`→ ${each.packet}`, room)}
        </text>
      ))}
    </g>
  )
}

function clipped(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text
}

function Arrow({ stroke, columns, y }: { stroke: Stroke; columns: readonly number[]; y: number }) {
  const { left, from, to, head, tail } = stroke
  const [start, width] = [columns[left]!, columns[left + 1]! - columns[left]!]
  const [x1, x2] = [start + from * width, start + to * width]
  const direction = Math.sign(x2 - x1)
  return (
    <>
      <line class="arrow" x1={x1} x2={x2 - direction} y1={y} y2={y} />
      {head === 'arrow' && <path class="head" d={`M${x2 - direction} ${y}l${-8 * direction} -4v8z`} />}
      {head === 'lost' && <path class="cross" d={`M${x2 - 5} ${y - 5}l10 10m0 -10l-10 10`} />}
      {(head === 'unknown' || tail === 'unknown') && (
        <text
          class="mark"
          x={head === 'unknown' ? x2 + 6 * direction : x1 - 6 * direction}
          y={y + 4}
          text-anchor="middle"
        >
          ?
        </text>
      )}
      {tail === 'injected' && <circle class="head" cx={x1} cy={y} r={4} />}
    </>
  )
}
