import type { DataChannelReport } from '../../report/contract.js'
import { millisecondsBetween } from '../../report/text/time.js'
import { bytes, duration } from '../../report/text/units.js'
import { linear, ticks } from '../model/scale.js'
import { frames } from '../state.js'
import { useWidth } from './use-width.js'

const HEIGHT = 130
const LEFT = 74
const RIGHT = 10
const TOP = 8
const BOTTOM = 22

/** Bytes per second of a data connection over time, with retransmissions and zero windows marked. */
export function RatePlot({ channel }: { channel: DataChannelReport }) {
  const [ref, width] = useWidth<HTMLDivElement>(460)
  const rate = channel.connection?.rate
  if (!rate) return null
  const rates = rate.bytes.map((value) => (value * 1000) / rate.intervalMs)
  const most = rates.reduce((a, b) => Math.max(a, b), 0)
  const total = rates.length * rate.intervalMs
  const x = linear([0, total], [LEFT, width - RIGHT])
  const y = linear([0, most], [HEIGHT - BOTTOM, TOP])
  const floor = HEIGHT - BOTTOM
  const steps = rates.map(
    (value, at) => `L${px(x(at * rate.intervalMs))} ${px(y(value))}H${px(x((at + 1) * rate.intervalMs))}`,
  )
  const label = `${title(channel)}: up to ${bytes(Math.round(most))} per second over ${duration(total)}`
  return (
    <figure class="plot" ref={ref}>
      <figcaption>{title(channel)}</figcaption>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {ticks(most, 3).map((value) => (
          <g key={value} class="axis">
            <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {value === 0 ? '0' : `${bytes(value)}/s`}
            </text>
          </g>
        ))}
        {ticks(total, Math.max(2, Math.floor(width / 110))).map((at) => (
          <text key={at} class="axis" x={x(at)} y={HEIGHT - 6} text-anchor={x(at) > width - 40 ? 'end' : 'middle'}>
            {at === 0 ? '0' : duration(at)}
          </text>
        ))}
        <path class="area" d={`M${LEFT} ${floor}${steps.join('')}V${floor}Z`} />
        {marks(channel, rate.start).map(({ at, kind, frame }) => (
          <line key={frame} class={`mark ${kind}`} x1={x(at)} x2={x(at)} y1={TOP} y2={floor}>
            <title>{`${kind}, ${frames.value.name(frame)}`}</title>
          </line>
        ))}
      </svg>
    </figure>
  )
}

function title({ id, transfer }: DataChannelReport): string {
  return transfer === null ? `data ${id}` : `${transfer.command} ${transfer.path ?? ''}`.trim()
}

/** A tenth of a pixel is enough, and keeps the path short. */
function px(value: number): string {
  return value.toFixed(1)
}

function marks({ connection }: DataChannelReport, start: string): { at: number; kind: string; frame: number }[] {
  return (connection?.packets ?? [])
    .filter(({ kind }) => kind === 'retransmission' || kind === 'zero-window' || kind === 'rst')
    .map(({ time, kind, frame }) => ({ at: Math.max(0, millisecondsBetween(start, time)), kind, frame }))
}
