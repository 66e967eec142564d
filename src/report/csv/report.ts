import type { Analysis, SessionPathReport, SessionReport } from '../contract.js'
import { csvLine } from './line.js'
import { EXCHANGE_COLUMNS, exchangeRows } from './exchanges.js'
import { FINDING_COLUMNS, captureFindingRows, findingRows } from './findings.js'
import { SESSION_COLUMNS } from './sessions.js'
import type { Cell, Column } from './column.js'
import { TRANSFER_COLUMNS, transferRows } from './transfers.js'
import type { ReportFormat, RowKind } from '../format.js'
import { JoinedSessions } from '../place/joined-sessions.js'
import type { TimeZone } from '../time-zone.js'
import { SessionStream, type StreamParts } from '../session-stream.js'

/** A table for spreadsheets and scripts (RFC 4180): a header, then a row per session, transfer, exchange or finding. */
export const csvReport: ReportFormat = (options) => new SessionStream(TABLES[options.rows](options.zone), options)

type TableInZone = (zone: TimeZone) => StreamParts

const TABLES: Record<RowKind, TableInZone> = {
  sessions: table(SESSION_COLUMNS, (session, path) => [{ session, path }]),
  transfers: table(TRANSFER_COLUMNS, transferRows),
  exchanges: table(EXCHANGE_COLUMNS, exchangeRows),
  findings: table(FINDING_COLUMNS, findingRows, captureFindingRows),
}

function table<Row>(
  columns: readonly Column<Row>[],
  ofSession: (session: SessionReport, path: SessionPathReport | null) => Row[],
  ofCapture: (analysis: Analysis) => Row[] = () => [],
): TableInZone {
  return (zone) => {
    const cellOf = ({ value, isTime }: Column<Row>, row: Row): Cell => {
      const cell = value(row)
      return isTime && typeof cell === 'string' ? zone.show(cell) : cell
    }
    const lines = (rows: readonly Row[]): string =>
      rows.map((row) => csvLine(columns.map((column) => cellOf(column, row)))).join('')
    return {
      head: csvLine(columns.map(({ name }) => name)),
      session: (session) => lines(ofSession(session, null)),
      *tail(analysis) {
        const joined = new JoinedSessions(analysis)
        for (const session of joined.rows) yield lines(ofSession(session, joined.pathOf(session)))
        yield lines(ofCapture(analysis))
      },
    }
  }
}
