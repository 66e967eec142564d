import { type Column, column } from '../csv/column.js'
import { csvLine } from '../csv/line.js'
import { TOP_GROUPS, type TopGroup, type TopReport, type TopRow } from './contract.js'

interface Row {
  group: TopGroup | 'total'
  row: TopRow
}

export const TOP_COLUMNS: readonly Column<Row>[] = [
  column('group', '`total`, `server`, `client`, `user` or `day`', ({ group }) => group),
  column('key', 'which one; empty for the total, and for sessions without a user', ({ row }) => row.key),
  column('sessions', 'number of sessions', ({ row }) => row.sessions),
  column('ok', 'of these', ({ row }) => row.outcomes.ok),
  column('degraded', 'of these', ({ row }) => row.outcomes.degraded),
  column('failed', 'of these', ({ row }) => row.outcomes.failed),
  column('undetermined', 'of these', ({ row }) => row.outcomes.undetermined),
  column('transfers_attempted', 'transfers that were wanted', ({ row }) => row.transfers.attempted),
  column('transfers_completed', 'of these', ({ row }) => row.transfers.completed),
  column('transfers_failed', 'of these', ({ row }) => row.transfers.failed),
  column('bytes', 'payload on data connections', ({ row }) => row.bytes),
  column('login_ms_median', 'until the login is accepted', ({ row }) => row.loginMs.median),
  column('login_ms_p95', '95th percentile', ({ row }) => row.loginMs.p95),
  column('first_byte_ms_median', 'from a transfer command to its first byte', ({ row }) => row.firstByteMs.median),
  column('first_byte_ms_p95', '95th percentile', ({ row }) => row.firstByteMs.p95),
  column('bytes_per_second_median', 'of transfers', ({ row }) => row.bytesPerSecond.median),
  column('bytes_per_second_p95', '95th percentile', ({ row }) => row.bytesPerSecond.p95),
]

/** A row for the total, and for each server, client, user and day. */
export function* topCsv({ total, groups }: TopReport): Iterable<string> {
  const line = (row: Row): string => csvLine(TOP_COLUMNS.map(({ value }) => value(row)))
  yield csvLine(TOP_COLUMNS.map(({ name }) => name))
  yield line({ group: 'total', row: { key: null, ...total } })
  for (const group of TOP_GROUPS) for (const row of groups[group]) yield line({ group, row })
}
