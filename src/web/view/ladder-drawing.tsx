import type { Ladder, Place } from '../../report/ladder/model.js'
import { duration, plural } from '../../report/text/units.js'
import { LONG_PAUSE, type PlacedRow, linksOf, placeRows } from '../model/ladder-layout.js'
import { useWidth } from './use-width.js'

/** Above the rows: the names of the lanes. */
const HEAD = 46
/** Width of a character of the labels' monospaced font, in pixels. */
const LETTER = 7.3
const NARROW = 560

interface Columns {
  width: number
  frame: number
  time: number
  client: number
  middlebox: number
  server: number
  /** Column of the links between announcement and connection. */
  link: number
}

/**
 * The ladder as SVG: time runs downwards, each packet is an arrow, and a lost packet ends in a cross where it was last
 * seen.
 */
export function LadderDrawing({ ladder, toScale, seconds, number }: Props) {
  const [ref, width] = useWidth<HTMLDivElement>(860)
  const columns = columnsFor(width, Math.max(0, ...ladder.rows.map(({ frame }) => number(frame))))
  const { placed, height } = placeRows(ladder.rows, toScale)
  const total = HEAD + height
  return (
    <div ref={ref} class="ladder">
      <svg width={width} height={total} viewBox={`0 0 ${width} ${total}`} role="img" aria-label={description(ladder)}>
        <Lanes ladder={ladder} columns={columns} height={total} />
        <g transform={`translate(0 ${HEAD})`}>
          {placed.map(
            ({ row, y }) =>
              row.proof && (
                <rect key={`${row.frame} ${y}`} class="band" x={0} y={y - 20} width={width} height={27} rx={4} />
              ),
          )}
          {linksOf(placed).map(({ dataChannel, from, to }) => (
            <path
              key={`${dataChannel} ${from}`}
              class="link"
              d={`M${columns.server + 6} ${from}H${columns.link}V${to}H${columns.server + 6}`}
            />
          ))}
          {placed.map((each, at) => (
            <Row key={at} placed={each} columns={columns} seconds={seconds} number={number} />
          ))}
        </g>
      </svg>
    </div>
  )
}

interface Props {
  ladder: Ladder
  toScale: boolean
  seconds: (time: string) => string
  /** The number that a frame is shown with. */
  number: (frame: number) => number
}

function columnsFor(width: number, lastFrame: number): Columns {
  const frame = 14 + LETTER * (String(lastFrame).length + 1)
  const narrow = width < NARROW
  const time = narrow ? frame : frame + 70
  const client = time + (narrow ? 14 : 26)
  const server = width - (narrow ? 34 : 84)
  return { width, frame, time, client, middlebox: (client + server) / 2, server, link: server + (narrow ? 12 : 20) }
}

function description({ client, server, middlebox, rows }: Ladder): string {
  const lost = rows.filter((row) => row.lost).length
  const between = middlebox ? ` via a ${middlebox.name}` : ''
  const what = `${plural(rows.length, 'packet')} between client ${client} and server ${server}${between}, ${lost} lost`
  return `Ladder diagram: ${what}. For a table, press "As a table".`
}

function Lanes({ ladder, columns, height }: { ladder: Ladder; columns: Columns; height: number }) {
  const { client, middlebox, server } = columns
  const narrow = columns.width < NARROW
  return (
    <g class="lanes">
      <Lane x={client} height={height} name="client" address={ladder.client} anchor={narrow ? 'start' : 'middle'} />
      {ladder.middlebox && (
        <Lane
          x={middlebox}
          height={height}
          name={ladder.middlebox.name}
          address={ladder.middlebox.address}
          anchor="middle"
          faint
        />
      )}
      <Lane x={server} height={height} name="server" address={ladder.server} anchor={narrow ? 'end' : 'middle'} />
    </g>
  )
}

interface LaneProps {
  x: number
  height: number
  name: string
  address: string | null
  anchor: 'start' | 'middle' | 'end'
  faint?: boolean
}

function Lane({ x, height, name, address, anchor, faint }: LaneProps) {
  return (
    <g class={faint ? 'lane middlebox' : 'lane'}>
      <line x1={x} x2={x} y1={HEAD - 4} y2={height} />
      <text class="name" x={x} y={18} text-anchor={anchor}>
        {name}
      </text>
      <text class="address" x={x} y={34} text-anchor={anchor}>
        {address ?? ''}
      </text>
    </g>
  )
}

interface RowProps extends Pick<Props, 'seconds' | 'number'> {
  placed: PlacedRow
  columns: Columns
}

function Row({ placed, columns, seconds, number }: RowProps) {
  const { row, y, pause } = placed
  const at = (place: Place): number => columns[place]
  const [from, to] = [at(row.from), at(row.to)]
  const direction = Math.sign(to - from)
  // The arrow of a lost packet ends just before the middle, so that its cross does not hide the lane.
  const end = row.lost ? to - direction * 2 : to - direction
  const room = Math.floor((columns.server - columns.client - 16) / LETTER)
  const label = row.label.length > room ? `${row.label.slice(0, Math.max(1, room - 1))}…` : row.label
  const classes = ['row', row.channel, row.kind, row.lost ? 'lost' : '', row.proof ? 'proof' : '']
    .filter(Boolean)
    .join(' ')
  return (
    <g class={classes} data-frame={row.frame} data-from={row.from} data-to={row.to}>
      <title>{`#${number(row.frame)} ${seconds(row.time)} ${row.label}${row.lost ? ' (lost)' : ''}`}</title>
      <Interval row={row} y={y} pause={pause} columns={columns} />
      <text class="frame" x={columns.frame} y={y + 1} text-anchor="end">
        #{number(row.frame)}
      </text>
      {columns.time > columns.frame && (
        <text class="time" x={columns.time} y={y + 1} text-anchor="end">
          {seconds(row.time)}
        </text>
      )}
      <text class="label" x={(columns.client + columns.server) / 2} y={y - 5} text-anchor="middle">
        {label}
      </text>
      <line class="arrow" x1={from} x2={end} y1={y} y2={y} />
      {row.lost ? <Cross x={end} y={y} /> : <Head x={end} y={y} direction={direction} />}
      {row.channel === 'data' && columns.width >= NARROW && (
        <text class="channel" x={columns.link + 6} y={y + 4}>
          data {row.dataChannel ?? ''}
        </text>
      )}
    </g>
  )
}

/** What lies between this row and the one before: omitted rows, a long pause. */
function Interval({
  row,
  y,
  pause,
  columns,
}: {
  row: PlacedRow['row']
  y: number
  pause: number | null
  columns: Columns
}) {
  const words = [
    row.skipped > 0 ? `${row.skipped} omitted` : '',
    pause !== null && pause >= LONG_PAUSE ? `${duration(pause)} later` : '',
  ].filter(Boolean)
  if (words.length === 0) return null
  return (
    <text class="interval" x={(columns.client + columns.server) / 2} y={y - 25} text-anchor="middle">
      ⋮ {words.join(', ')}
    </text>
  )
}

function Head({ x, y, direction }: { x: number; y: number; direction: number }) {
  return <path class="head" d={`M${x} ${y}l${-8 * direction} -4v8z`} />
}

function Cross({ x, y }: { x: number; y: number }) {
  return <path class="cross" d={`M${x - 5} ${y - 5}l10 10m0 -10l-10 10`} />
}
