import type { Outcome } from '../../report/contract.js'
import type { Severity } from '../../diagnose/rule.js'

export const OUTCOME_NAMES: Record<Outcome, string> = {
  failed: 'failed',
  degraded: 'degraded',
  undetermined: 'undetermined',
  ok: 'ok',
}

/** Marks that distinguish outcomes without color. */
const OUTCOME_MARKS: Record<Outcome, string> = { failed: '✕', degraded: '!', undetermined: '?', ok: '✓' }

export function OutcomeBadge({ outcome, large }: { outcome: Outcome; large?: boolean }) {
  return (
    <span class={`badge ${outcome}${large ? ' large' : ''}`}>
      <span aria-hidden="true">{OUTCOME_MARKS[outcome]}</span> {OUTCOME_NAMES[outcome]}
    </span>
  )
}

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <span class={`badge ${severity}`}>{severity}</span>
}
