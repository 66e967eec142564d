import type { ReportOptions } from '../format.js'
import { causes } from '../text/causes.js'
import { clipMiddle, displayWidth } from '../text/display-width.js'
import { printable, printableText } from '../text/printable.js'
import { bytes, count, duration, plural } from '../text/units.js'
import { type Percentiles, TOP_GROUPS, type TopGroup, type TopReport, type TopRow, type TopTotals } from './contract.js'

const TITLES: Record<TopGroup, string> = { server: 'Servers', client: 'Clients', user: 'Users', day: 'Days' }

/** Rows of a group that are listed, unless all are asked for. */
const LISTED = 10

interface Column {
  head: string
  cell: (row: TopTotals) => string
}

const COLUMNS: readonly Column[] = [
  { head: 'sessions', cell: ({ sessions }) => count(sessions) },
  { head: 'ok', cell: ({ outcomes }) => number(outcomes.ok) },
  { head: 'degr.', cell: ({ outcomes }) => number(outcomes.degraded) },
  { head: 'FAILED', cell: ({ outcomes }) => number(outcomes.failed) },
  { head: '?', cell: ({ outcomes }) => number(outcomes.undetermined) },
  { head: 'bytes', cell: (row) => bytes(row.bytes) },
  { head: 'login', cell: ({ loginMs }) => pair(loginMs, duration) },
  { head: 'first byte', cell: ({ firstByteMs }) => pair(firstByteMs, duration) },
  { head: 'rate', cell: ({ bytesPerSecond }) => pair(bytesPerSecond, (rate) => `${bytes(Math.round(rate))}/s`) },
]
/** Columns that go first where the terminal is too narrow for all. */
const LESS_NEEDED = ['first byte', 'login', 'rate', '?', 'degr.']

/** Totals for a terminal; of login, first byte and rate the median, and after a slash the 95th percentile. */
export function* topText({ total, groups, causes: all }: TopReport, options: ReportOptions): Iterable<string> {
  const { style } = options
  yield style.heading(total.sessions === 0 ? 'No FTP sessions.' : `${plural(total.sessions, 'session')} in total`)
  if (total.sessions === 0) return
  yield* table('', [{ key: 'all', ...total }], options)
  yield* causes(printable(all), options)
  for (const group of TOP_GROUPS) {
    const rows = options.all ? groups[group] : groups[group].slice(0, LISTED)
    yield ''
    yield style.heading(TITLES[group])
    yield* table(group, rows, options)
    const more = groups[group].length - rows.length
    if (more > 0) yield ` and ${count(more)} more: --all lists them`
  }
  yield ''
  yield style.faint('login, first byte, rate: median / 95th percentile')
}

const GAP = '  '
/** A key keeps this width while columns can be left out. */
const NARROWEST_KEY = 16
const WIDEST_KEY = 48

function* table(head: string, rows: readonly TopRow[], { width, style }: ReportOptions): Iterable<string> {
  const keys = rows.map(({ key }) => (key === null ? '(none)' : printableText(key)))
  const widest = Math.min(WIDEST_KEY, Math.max(...[head, ...keys].map(displayWidth)))
  const columns = fitting(rows, width - 1 - Math.max(NARROWEST_KEY, Math.min(widest, NARROWEST_KEY * 2)))
  const used = columns.reduce((sum, column) => sum + GAP.length + widthOf(rows, column), 0)
  const room = Math.max(NARROWEST_KEY, Math.min(widest, width - 1 - used))
  const cells = (row: TopRow): string =>
    columns.map((column) => GAP + column.cell(row).padStart(widthOf(rows, column))).join('')
  const heads = columns.map((column) => GAP + column.head.padStart(widthOf(rows, column))).join('')
  yield style.faint(` ${padded(head, room)}${heads}`)
  for (const [at, row] of rows.entries()) yield ` ${padded(clipMiddle(keys[at]!, room), room)}${cells(row)}`
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

function fitting(rows: readonly TopRow[], room: number): Column[] {
  let columns = [...COLUMNS]
  const total = (): number => columns.reduce((sum, column) => sum + GAP.length + widthOf(rows, column), 0)
  for (const head of LESS_NEEDED) {
    if (total() <= room) break
    columns = columns.filter((column) => column.head !== head)
  }
  return columns
}

function widthOf(rows: readonly TopRow[], { head, cell }: Column): number {
  return Math.max(head.length, ...rows.map((row) => cell(row).length))
}

function number(value: number): string {
  return value === 0 ? '-' : count(value)
}

function pair({ median, p95 }: Percentiles, words: (value: number) => string): string {
  if (median === null || p95 === null) return '-'
  return `${words(median)} / ${words(p95)}`
}
