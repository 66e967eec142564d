import type { SessionReport } from '../contract.js'
import type { TextContext } from './context.js'
import { clip, clipMiddle } from './display-width.js'
import { inOutcomeStyle } from './outcome.js'
import { type Column as TableColumn, GAP, MARGIN, plainTable, widest } from './plain-table.js'
import { printable } from './printable.js'
import { type SessionRow, sessionRow } from './session-row.js'
import { wrap } from './wrap.js'

/** A line per session: client and server, outcome, and cause. */
export function* sessionTable(
  sessions: readonly SessionReport[],
  { width, style, joined, zone }: Pick<TextContext, 'width' | 'style' | 'joined' | 'zone'>,
): Iterable<string> {
  if (sessions.length === 0) return
  yield ''
  const rows = sessions.map((session) => printable(sessionRow(session, joined.idsOf(session), zone)))
  yield* plainTable(rows, fittingColumns(rows, width), style)
}

type Column = TableColumn<SessionRow>

const WIDEST_USER = 12
/** Width that the reason keeps while other columns can shrink. */
const NARROWEST_REASON = 24
/** Width for the reason from which the start is shown as well. */
const ROOM_WITH_START = 40
/** The same if client and server are stacked; IPv4 addresses with their port stay whole if at all possible. */
const NARROWEST_REASON_STACKED = 14
const NARROWEST_ENDPOINT = 15
const WIDEST_STACKED_ENDPOINT = 24

const ID: Column = { head: '#', cell: (row) => row.id, right: true }
const START: Column = { head: 'start', cell: (row) => row.start }
const CLIENT: Column = { head: 'client', cell: (row) => row.client }
const SERVER: Column = { head: 'server', cell: (row) => row.server }
const OUTCOME: Column = {
  head: 'result',
  cell: (row) => row.result,
  styled: (cell, { outcome }, style) => inOutcomeStyle(outcome, cell, style),
}
const STATUS: readonly Column[] = [
  { head: 'user', cell: (row) => clip(row.user, WIDEST_USER) },
  OUTCOME,
  { head: 'transfers', cell: (row) => row.transfers },
]

/**
 * Start, client and server side by side; without the start; if that leaves no room for the reason, stacked; finally
 * without the other columns.
 */
function fittingColumns(rows: readonly SessionRow[], width: number): Column[] {
  const reasonWidth = Math.min(NARROWEST_REASON, widest(rows, CAUSE))
  const free = (columns: readonly Column[]): number =>
    width - MARGIN - columns.reduce((sum, column) => sum + widest(rows, column) + GAP, 0)
  const sideBySide = [ID, CLIENT, SERVER, ...STATUS]
  const dated = [ID, START, ...sideBySide.slice(1)]
  if (free(dated) >= ROOM_WITH_START) return [...dated, reasonColumn(free(dated))]
  if (free(sideBySide) >= reasonWidth) return [...sideBySide, reasonColumn(free(sideBySide))]
  const stacked = (status: readonly Column[]): Column[] => {
    const room = free([ID, ...status]) - GAP - NARROWEST_REASON_STACKED
    return [ID, stackedColumn(clamp(room, NARROWEST_ENDPOINT, WIDEST_STACKED_ENDPOINT)), ...status]
  }
  const full = stacked(STATUS)
  const columns = free(full) >= NARROWEST_REASON_STACKED ? full : stacked([OUTCOME])
  return [...columns, reasonColumn(Math.max(NARROWEST_REASON_STACKED, free(columns)))]
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}

const CAUSE: Column = { head: 'cause', cell: (row) => row.reason }

function reasonColumn(width: number): Column {
  return { ...CAUSE, cell: (row) => wrap(row.reason, width).join('\n') }
}

function stackedColumn(width: number): Column {
  return {
    head: 'client → server',
    cell: (row) => `${clipMiddle(row.client, width)}\n→ ${clipMiddle(row.server, width - 2)}`,
  }
}
