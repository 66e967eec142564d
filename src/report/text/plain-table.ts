import Table from 'cli-table3'
import type { Style } from '../style.js'
import { displayWidth } from './display-width.js'

/** Rows that are laid out at a time: a table of all sessions must not become one string. */
const BATCH = 200
/** Columns of the terminal between two of the table, one of them before each cell. */
export const GAP = 2
export const MARGIN = 1

export interface Column<Row> {
  head: string
  cell: (row: Row) => string
  right?: boolean
  /** The cell as it is shown, which is as wide. */
  styled?: (cell: string, row: Row, style: Style) => string
}

/** The lines of a table without lines between its cells: a head, then the rows. */
export function* plainTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: Style,
): Iterable<string> {
  const colWidths = columns.map((column) => widest(rows, column) + GAP)
  for (let at = 0; at < rows.length; at += BATCH) {
    const table = new Table({
      chars: NO_LINES,
      style: { 'padding-left': MARGIN, 'padding-right': GAP - MARGIN, head: [], border: [], compact: true },
      colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
      ...(rows.length > BATCH && { colWidths }),
    })
    if (at === 0) table.push(columns.map(({ head }) => style.faint(head)))
    for (const row of rows.slice(at, at + BATCH))
      table.push(columns.map(({ cell, styled }) => (styled ? styled(cell(row), row, style) : cell(row))))
    for (const line of table.toString().split('\n')) yield line.trimEnd()
  }
}

/** Width of the widest line of a column. */
export function widest<Row>(rows: readonly Row[], { head, cell }: Column<Row>): number {
  let most = displayWidth(head)
  for (const row of rows) for (const line of cell(row).split('\n')) most = Math.max(most, displayWidth(line))
  return most
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}
