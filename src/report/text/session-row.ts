import { endpointText } from '../../diagnose/words/evidence.js'
import { causeWords } from '../cause.js'
import type { Outcome, SessionReport } from '../contract.js'
import { outcomeWords } from './outcome.js'
import { transferCell } from './transfer-count.js'

/** A session's row in the table. */
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

/** `ids` are those of all places that saw the session, its own first. */
export function sessionRow(session: SessionReport, ids: readonly number[]): SessionRow {
  const { outcome } = session.verdict
  return {
    id: ids.join(', '),
    client: endpointText(session.client.address, session.client.port),
    server: endpointText(session.server.address, session.server.port),
    user: session.user ?? '-',
    outcome,
    result: outcomeWords(outcome),
    transfers: transferCell(session.transfers, '-'),
    reason: causeWords(session),
  }
}
