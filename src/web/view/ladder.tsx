import { useMemo, useState } from 'preact/hooks'
import type { SessionReport } from '../../report/contract.js'
import { ladderOf } from '../../report/ladder/ladder.js'
import { shortLadder } from '../../report/ladder/short-ladder.js'
import { millisecondsBetween } from '../../report/text/time.js'
import { count, duration } from '../../report/text/units.js'
import { rowNumbers } from '../model/row-numbers.js'
import { frames, printing } from '../state.js'
import { LadderDrawing } from './ladder-drawing.js'
import { LadderTable } from './ladder-table.js'
import { Wire } from './wire.js'

/** Number of rows that are selected to show what happened, and the most that are drawn at all. */
const SHORT = 40
const MOST = 1500

type Look = 'even' | 'scale' | 'table'
const LOOKS: readonly (readonly [Look, string])[] = [
  ['even', 'Compact'],
  ['scale', 'To scale'],
  ['table', 'As a table'],
]

/** Both channels of the session as arrows between client, middlebox and server. */
export function LadderView({ session }: { session: SessionReport }) {
  const [look, setLook] = useState<Look>('even')
  const [whole, setWhole] = useState(false)
  const ladder = useMemo(() => ladderOf(session), [session])
  if (ladder.rows.length === 0) return null
  const long = ladder.rows.length > SHORT
  const drawn = whole && !printing.value ? { ...ladder, rows: ladder.rows.slice(0, MOST) } : shortened()
  const more = whole ? ladder.rows.length - MOST : 0

  function shortened() {
    if (!long) return ladder
    if (session.verdict.outcome === 'ok') return { ...ladder, rows: ladder.rows.slice(0, SHORT) }
    const short = shortLadder(ladder, session, SHORT)
    return short.rows.length > 0 ? short : { ...ladder, rows: ladder.rows.slice(0, SHORT) }
  }

  const rowFrame = rowNumbers(session, frames.value)
  const seconds = (time: string): string => duration(millisecondsBetween(session.start, time))
  return (
    <section aria-labelledby={`ladder-${session.id}`}>
      <header class="tools">
        <h3 id={`ladder-${session.id}`}>
          Packets{' '}
          <span class="faint">
            {long && !whole ? `${drawn.rows.length} of ${count(ladder.rows.length)} ` : ''}
            {rowFrame.file !== null && <Wire>{rowFrame.file}</Wire>}
          </span>
        </h3>
        <div class="switch" role="group" aria-label="Ladder diagram">
          {LOOKS.map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={look === name}
              onClick={() => {
                setLook(name)
              }}
            >
              {label}
            </button>
          ))}
        </div>
        {long && (
          <button
            type="button"
            aria-pressed={whole}
            onClick={() => {
              setWhole(!whole)
            }}
          >
            {whole ? 'Only what matters' : 'All packets'}
          </button>
        )}
      </header>
      {look === 'table' ? (
        <LadderTable ladder={drawn} seconds={seconds} number={rowFrame.number} />
      ) : (
        <LadderDrawing ladder={drawn} toScale={look === 'scale'} seconds={seconds} number={rowFrame.number} />
      )}
      {more > 0 && <p class="faint">{count(more)} more packets</p>}
    </section>
  )
}
