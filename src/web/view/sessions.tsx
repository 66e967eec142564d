import { useRef } from 'preact/hooks'
import type { SessionReport } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { change, choice, printing, sessions } from '../state.js'
import { asked, EVERYTHING } from '../model/selection.js'
import { SessionPrintTable } from './session-print-table.js'
import { SessionTable } from './session-table.js'
import { Timeline } from './timeline.js'

/** All sessions: over time, and as a list that can be searched, filtered and sorted. */
export function Sessions({ all }: { all: readonly SessionReport[] }) {
  const chosen = sessions.value
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      <Timeline sessions={all} />
      <Filters total={all.length} shown={chosen.length} />
      {printing.value ? <SessionPrintTable sessions={chosen} /> : <SessionTable sessions={chosen} />}
    </section>
  )
}

function Filters({ total, shown }: { total: number; shown: number }) {
  const { text, outcomes, finding, period } = choice.value
  const field = useRef<HTMLInputElement>(null)
  const { problem } = asked(text)
  const active = text !== '' || outcomes.size > 0 || finding !== null || period !== null
  return (
    <search class="filters">
      <label>
        <span class="hidden">Search sessions</span>
        <input
          ref={field}
          type="search"
          id="search"
          placeholder="Search, or ask: user = alice and bytes > 10MB  ( / )"
          value={text}
          onInput={({ currentTarget }) => {
            change({ text: currentTarget.value })
          }}
        />
      </label>
      {finding !== null && (
        <button
          type="button"
          class="chip"
          onClick={() => {
            change({ finding: null })
          }}
        >
          {finding} <span aria-label="remove">×</span>
        </button>
      )}
      {period !== null && (
        <button
          type="button"
          class="chip"
          onClick={() => {
            change({ period: null })
          }}
        >
          time range <span aria-label="remove">×</span>
        </button>
      )}
      <span role="status" class="faint">
        {shown === total ? plural(total, 'session') : `${shown} of ${plural(total, 'session')}`}
      </span>
      {problem !== null && <span class="faint">Searched as words: {problem}</span>}
      {active && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            const { sort, descending } = choice.value
            choice.value = { ...EVERYTHING, sort, descending }
            field.current?.focus()
          }}
        >
          Show all
        </button>
      )}
    </search>
  )
}
