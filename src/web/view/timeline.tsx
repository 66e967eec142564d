import { useMemo } from 'preact/hooks'
import { OUTCOMES } from '../../diagnose/outcome.js'
import type { SessionReport } from '../../report/contract.js'
import { duration, plural } from '../../report/text/units.js'
import { ticks } from '../model/scale.js'
import { type Bin, type Period, bars, bins, periodOf } from '../model/timeline.js'
import { change, choice, selectedId } from '../state.js'
import { OUTCOME_NAMES } from './outcome.js'
import { useWidth } from './use-width.js'

/** Most lanes: more simultaneous sessions are shown as counts. */
const LANES = 14
const LANE = 12
const PLOT = 90
const AXIS = 20
/** Width of a bin in pixels. */
const BIN = 7

/** All sessions over time: a bar for each or, if there are too many, how many were open. */
export function Timeline({ sessions }: { sessions: readonly SessionReport[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(900)
  const period = useMemo(() => periodOf(sessions), [sessions])
  const list = useMemo(() => bars(sessions, period, LANES), [sessions, period])
  const height = (list ? Math.max(...list.map(({ lane }) => lane + 1)) * LANE : PLOT) + AXIS
  return (
    <div ref={ref} class="timeline">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`${plural(sessions.length, 'session')} over ${duration(period.end - period.start)}`}
      >
        <Axis period={period} width={width} height={height} />
        {list
          ? list.map(({ id, outcome, lane, from, to }) => (
              <rect
                key={id}
                class={`bar ${outcome}${id === selectedId.value ? ' selected' : ''}`}
                x={from * width}
                y={lane * LANE + 1}
                width={Math.max(2, (to - from) * width)}
                height={LANE - 3}
                rx={2}
                onClick={() => {
                  selectedId.value = id
                }}
              >
                <title>{`Session ${id}: ${OUTCOME_NAMES[outcome]}`}</title>
              </rect>
            ))
          : bins(sessions, period, Math.max(1, Math.floor(width / BIN))).map((bin, at, all) => (
              <Stack key={bin.from} bin={bin} at={at} width={width / all.length} most={mostOf(all)} />
            ))}
      </svg>
    </div>
  )
}

function mostOf(all: readonly Bin[]): number {
  return all.reduce((most, { counts }) => Math.max(most, total(counts)), 1)
}

function total(counts: Bin['counts']): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}

/** One part of the period; a click shows the sessions that were open in it. */
function Stack({ bin, at, width, most }: { bin: Bin; at: number; width: number; most: number }) {
  const number = total(bin.counts)
  if (number === 0) return null
  const period = choice.value.period
  const on = period !== null && period[0] === bin.from
  let top = PLOT
  return (
    <g
      class={`stack${on ? ' selected' : ''}`}
      onClick={() => {
        change({ period: on ? null : [bin.from, bin.to] })
      }}
    >
      <title>
        {OUTCOMES.flatMap((outcome) => (bin.counts[outcome] > 0 ? [`${bin.counts[outcome]} ${outcome}`] : [])).join(
          ', ',
        )}
      </title>
      <rect class="hit" x={at * width} y={0} width={width} height={PLOT} />
      {[...OUTCOMES].reverse().map((outcome) => {
        // A single failure among hundreds must stay visible: it gets two pixels.
        const height = bin.counts[outcome] === 0 ? 0 : Math.max(2, (bin.counts[outcome] / most) * (PLOT - 6))
        top -= height
        return (
          <rect
            key={outcome}
            class={`bar ${outcome}`}
            x={at * width + 0.5}
            y={top}
            width={Math.max(1, width - 1)}
            height={height}
          />
        )
      })}
    </g>
  )
}

function Axis({ period, width, height }: { period: Period; width: number; height: number }) {
  const length = period.end - period.start
  return (
    <g class="axis" aria-hidden="true">
      {ticks(length, Math.max(2, Math.floor(width / 140))).map((at) => {
        const x = Math.min(width - 1, (at / length) * width)
        return (
          <g key={at}>
            <line x1={x} x2={x} y1={0} y2={height - AXIS + 4} />
            <text x={x} y={height - 5} text-anchor={at === 0 ? 'start' : x > width - 40 ? 'end' : 'middle'}>
              {at === 0 ? '0' : duration(at)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
