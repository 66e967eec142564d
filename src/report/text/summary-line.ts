import type { Outcome, Summary } from '../contract.js'
import type { Style } from '../style.js'
import { OUTCOME_WORDS, inOutcomeStyle } from './outcome.js'
import { count, plural } from './units.js'

const ORDER: readonly Outcome[] = ['failed', 'degraded', 'undetermined', 'ok']

/** How many sessions, what came of them, and how many transfers worked. */
export function summaryLine(summary: Summary, style: Style): string {
  if (summary.sessions === 0) return 'No FTP session found.'
  const outcomes = ORDER.filter((outcome) => summary.outcomes[outcome] > 0).map((outcome) =>
    inOutcomeStyle(outcome, `${count(summary.outcomes[outcome])} ${OUTCOME_WORDS[outcome]}`, style),
  )
  const { attempted, completed } = summary.transfers
  const transfers =
    attempted === 0 ? 'no transfers' : `${count(completed)} of ${plural(attempted, 'transfer')} completed`
  return `${plural(summary.sessions, 'session')}: ${outcomes.join(', ')}; ${transfers}`
}
