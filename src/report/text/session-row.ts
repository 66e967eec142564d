import { endpointText } from '../../diagnose/words/evidence.js'
import { causeWords } from '../cause.js'
import type { Outcome, SessionReport } from '../contract.js'
import type { TimeZone } from '../time-zone.js'
import { outcomeWords } from './outcome.js'
import { transferCell } from './transfer-count.js'

/** A session's row in the table. */
export interface SessionRow {
  id: string
  /** Date and time to the second. */
  start: string
  client: string
  server: string
  user: string
  outcome: Outcome
  result: string
  transfers: string
  reason: string
}

/** `ids` are those of all places that saw the session, its own first. */
export function sessionRow(session: SessionReport, ids: readonly number[], zone: TimeZone): SessionRow {
  const { outcome } = session.verdict
  return {
    id: ids.join(', '),
    start: secondOf(zone.show(session.start)),
    client: endpointText(session.client.address, session.client.port),
    server: endpointText(session.server.address, session.server.port),
    user: session.user ?? '-',
    outcome,
    result: outcomeWords(outcome),
    transfers: transferCell(session.transfers, '-'),
    reason: causeWords(session),
  }
}

/** `2026-03-01 02:13:04`, of a time in any zone. */
export function secondOf(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`
}
