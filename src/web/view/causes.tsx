import { Fragment } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { headedSide } from '../../diagnose/remedies/addressee.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import type { Analysis, CauseReport } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { type FindingGroup, findingGroups } from '../model/causes.js'
import { shown } from '../model/shown.js'
import { change, choice, printing, selectedId } from '../state.js'
import { Explanation } from './explanation.js'
import { Remedy, SIDES } from './finding.js'
import { OUTCOME_NAMES, SeverityBadge } from './outcome.js'
import { Wire } from './wire.js'

/** Number of causes that are open at first; the others open on demand. */
const OPEN = 3
const LISTED = 6

/** Number of servers that a cause lists. */
const SHARED = 4

/** Findings grouped by kind, those that caused sessions to fail first: what is wrong, and what to change. */
export function Causes({ analysis }: { analysis: Analysis }) {
  const groups = useMemo(() => findingGroups(analysis), [analysis])
  const [all, setAll] = useState(false)
  if (groups.length === 0) return null
  const listed = all || printing.value || groups.length <= LISTED + 1 ? groups.length : LISTED
  return (
    <section aria-labelledby="causes">
      <h2 id="causes">Findings</h2>
      <div class="causes">
        {groups.slice(0, listed).map((group, at) => (
          <Cause
            key={group.id}
            group={group}
            shared={shown(analysis.summary.causes).filter(({ cause }) => cause === group.id)}
            open={at < OPEN && isCause(group)}
            of={analysis.summary.sessions}
          />
        ))}
        {groups.length > listed && (
          <p>
            <button
              type="button"
              onClick={() => {
                setAll(true)
              }}
            >
              {plural(groups.length - listed, 'more finding')}
            </button>
          </p>
        )}
      </div>
    </section>
  )
}

function isCause({ causeOf }: FindingGroup): boolean {
  return Object.keys(causeOf).length > 0
}

interface CauseProps {
  group: FindingGroup
  /** The same cause, per server where that matters. */
  shared: readonly CauseReport[]
  open: boolean
  of: number
}

function Cause({ group, shared, open, of }: CauseProps) {
  const { example, sessions, remedies } = group
  const worst = OUTCOMES.find((outcome) => (group.causeOf[outcome] ?? 0) > 0)
  const filtered = choice.value.finding === group.id
  const toggle = (): void => {
    change({ finding: filtered ? null : group.id })
    if (!filtered) {
      selectedId.value = sessions[0] ?? null
      document.querySelector('#sessions')?.scrollIntoView({ block: 'start' })
    }
  }
  return (
    <details class={`cause ${worst ?? example.severity}`} open={open}>
      <summary>
        <SeverityBadge severity={example.severity} />
        <strong>{example.title}</strong>
        <span class="faint">{extent(group, of)}</span>
      </summary>
      {of > 1 && shared.length > 0 ? (
        shared.slice(0, SHARED).map(({ sentence }) => (
          <p key={sentence}>
            <Wire>{sentence}</Wire>
          </p>
        ))
      ) : (
        <p>
          <Wire>{example.message}</Wire>
          {sessions.length > 1 && <span class="faint"> (session {sessions[0]})</span>}
        </p>
      )}
      {of > 1 && shared.length > SHARED && <p class="faint">and {plural(shared.length - SHARED, 'more server')}</p>}
      {remedies.map(({ server, finding }) => (
        <Fragment key={server}>
          <h3>
            {remedies.length > 1 && `${server}: `}Change {SIDES[headedSide(finding)]}
          </h3>
          <Remedy finding={finding} />
        </Fragment>
      ))}
      {sessions.length > 0 && of > 1 && (
        <p class="actions">
          <button type="button" aria-pressed={filtered} onClick={toggle}>
            {filtered ? 'Show all sessions' : `Show ${sessions.length === 1 ? 'this session' : 'these sessions'}`}
          </button>
        </p>
      )}
      <Explanation id={group.id} />
    </details>
  )
}

function extent({ sessions, causeOf }: FindingGroup, of: number): string {
  if (sessions.length === 0) return 'the capture as a whole'
  const causes = OUTCOMES.flatMap((outcome) => {
    const number = causeOf[outcome] ?? 0
    return number > 0 ? [`${number} ${OUTCOME_NAMES[outcome]}`] : []
  })
  if (of === 1) return causes.length > 0 ? 'the cause' : ''
  return `${plural(sessions.length, 'session')}${causes.length > 0 ? `: cause of ${causes.join(', ')}` : ''}`
}
