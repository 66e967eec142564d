import type { Outcome, SessionReport } from '../contract.js'
import { endpoint } from './endpoint.js'
import { outcomeWords } from './outcome.js'

/** What the table says of one session. */
export interface SessionRow {
  id: string
  client: string
  server: string
  user: string
  outcome: Outcome
  result: string
  transfers: string
  reason: string
}

export function sessionRow(session: SessionReport): SessionRow {
  const { outcome } = session.verdict
  return {
    id: String(session.id),
    client: endpoint(session.client),
    server: endpoint(session.server),
    user: session.user ?? '-',
    outcome,
    result: outcomeWords(outcome),
    transfers: transfers(session),
    reason: reason(session),
  }
}

function transfers({ transfers: { attempted, completed } }: SessionReport): string {
  return attempted === 0 ? '-' : `${completed} of ${attempted}`
}

function reason({ verdict, findings }: SessionReport): string {
  if (verdict.cause === null) return ''
  return findings.find(({ id }) => id === verdict.cause)?.title ?? verdict.cause
}
