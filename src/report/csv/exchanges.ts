import type { ExchangeReport, SessionReport } from '../contract.js'
import { type Column, column, timeColumn } from './column.js'

interface ExchangeRow {
  session: SessionReport
  exchange: ExchangeReport
}

export function exchangeRows(session: SessionReport): ExchangeRow[] {
  return session.exchanges.map((exchange) => ({ session, exchange }))
}

/** `--rows exchanges` */
export const EXCHANGE_COLUMNS: readonly Column<ExchangeRow>[] = [
  column('session', 'number of the session', ({ session }) => session.id),
  column('frame', "Wireshark's `frame.number` of the command, or of the greeting", ({ exchange }) => exchange.frame),
  timeColumn('time', 'UTC or in the zone of `--tz`', ({ exchange }) => exchange.time),
  column('command', 'empty for the greeting', ({ exchange }) => exchange.command),
  column('argument', '`***` for secrets', ({ exchange }) => exchange.argument),
  column('reply_frame', 'of the last reply', ({ exchange }) => exchange.replies.at(-1)?.frame ?? null),
  column('reply_codes', 'all of them, separated by spaces', ({ exchange }) =>
    exchange.replies.map(({ code }) => code).join(' '),
  ),
  column('reply_text', 'of the last reply', ({ exchange }) => exchange.replies.at(-1)?.text ?? null),
  column('latency_ms', 'from the command to its first reply', ({ exchange }) => exchange.latencyMs),
]
