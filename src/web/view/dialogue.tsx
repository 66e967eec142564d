import type { SessionReport } from '../../report/contract.js'
import { millisecondsBetween } from '../../report/text/time.js'
import { count, duration } from '../../report/text/units.js'
import { rowNumbers } from '../model/row-numbers.js'
import { frames, printing } from '../state.js'
import { useVirtualRows } from './use-virtual-rows.js'
import { Wire } from './wire.js'

interface Line {
  frame: number
  time: string
  from: 'client' | 'server'
  text: string
  /** From the command to its first reply. */
  latencyMs: number | null
}

/** Number of lines that are shown without scrolling, and at most on paper. */
const PLAIN = 120
const ROW = 24
const VISIBLE = 20

/** The dialogue on the control connection. */
export function Dialogue({ session }: { session: SessionReport }) {
  const { file, number } = rowNumbers(session, frames.value)
  const lines = linesOf(session).map((line) => ({ ...line, frame: number(line.frame) }))
  if (lines.length === 0) return null
  return (
    <section aria-labelledby={`dialogue-${session.id}`}>
      <h3 id={`dialogue-${session.id}`}>
        Dialogue{' '}
        <span class="faint">
          {count(lines.length)} lines{file !== null && <Wire>{` of ${file}`}</Wire>}
        </span>
      </h3>
      {lines.length <= PLAIN || printing.value ? (
        <ol class="dialogue">
          {lines.slice(0, PLAIN).map((line, at) => (
            <li key={at} class={line.from}>
              <LineCells line={line} start={session.start} />
            </li>
          ))}
          {lines.length > PLAIN && <li class="faint">{count(lines.length - PLAIN)} more lines</li>}
        </ol>
      ) : (
        <LongDialogue lines={lines} start={session.start} />
      )}
    </section>
  )
}

function LongDialogue({ lines, start }: { lines: readonly Line[]; start: string }) {
  const { ref, items, totalHeight } = useVirtualRows(lines.length, ROW)
  return (
    <div
      ref={ref}
      class="dialogue scrolls"
      tabIndex={0}
      role="region"
      aria-label="Dialogue"
      style={{ height: `${VISIBLE * ROW}px` }}
    >
      <div role="list" style={{ height: `${totalHeight}px`, position: 'relative' }}>
        {items.map(({ index, start: top }) => (
          <div
            key={index}
            role="listitem"
            class={`line ${lines[index]!.from}`}
            aria-setsize={lines.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${top}px)`, height: `${ROW}px` }}
          >
            <LineCells line={lines[index]!} start={start} />
          </div>
        ))}
      </div>
    </div>
  )
}

function LineCells({ line, start }: { line: Line; start: string }) {
  const { frame, time, from, text, latencyMs } = line
  return (
    <>
      <span class="frames">#{frame}</span>
      <span class="at">{duration(millisecondsBetween(start, time))}</span>
      <span class="who">
        <span aria-hidden="true">{from === 'client' ? '→' : '←'}</span>
        <span class="hidden">{from}</span>
      </span>
      <code title={text}>
        <Wire>{text}</Wire>
      </code>
      {latencyMs !== null && latencyMs >= SLOW && <span class="faint">reply after {duration(latencyMs)}</span>}
    </>
  )
}

/** Reply times that are labeled, from this many milliseconds. */
const SLOW = 1000

function linesOf({ exchanges }: SessionReport): Line[] {
  return exchanges.flatMap(({ frame, time, command, argument, replies, latencyMs }) => [
    ...(command === null
      ? []
      : [
          {
            frame,
            time,
            from: 'client' as const,
            text: argument === null ? command : `${command} ${argument}`,
            latencyMs,
          },
        ]),
    ...replies.map((reply) => ({
      frame: reply.frame,
      time: reply.time,
      from: 'server' as const,
      text: `${String(reply.code).padStart(3, '0')} ${reply.text}`,
      latencyMs: null,
    })),
  ])
}
