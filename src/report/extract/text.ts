import { clip, clipMiddle } from '../text/display-width.js'
import { type Column as TableColumn, GAP, MARGIN, plainTable, widest } from '../text/plain-table.js'
import { printable } from '../text/printable.js'
import { bytes, count, plural } from '../text/units.js'
import type { Style } from '../style.js'
import type { Completeness, ExtractedFile, ExtractReport } from './contract.js'

type Column = TableColumn<ExtractedFile>

const SHORT_DIGEST = 12
const LONG_DIGEST = 64
const WIDEST_PATH = 60
const NARROWEST_PATH = 16

/** One line for each file, as wide as the terminal; what is wrong with a file stands below the table. */
export function* extractText(
  { files, withoutData }: ExtractReport,
  { width, style }: { width: number; style: Style },
): Iterable<string> {
  const rows = printable(files)
  yield style.heading(headline(files))
  if (rows.length > 0) {
    yield ''
    yield* plainTable(rows, fitting(rows, width), style)
  }
  const doubtful = rows.filter(({ completeness, parts }) => completeness !== 'complete' || parts)
  if (doubtful.length > 0) yield ''
  for (const file of doubtful) yield ` ${clip(remark(file), width - MARGIN)}`
  if (withoutData > 0) {
    yield ''
    yield style.faint(` ${plural(withoutData, 'transfer')} without data: refused, or no data connection was captured`)
  }
}

function headline(files: readonly ExtractedFile[]): string {
  if (files.length === 0) return 'No files.'
  const counts = (['complete', 'partial', 'unknown'] as const).flatMap((each) => {
    const number = files.filter(({ completeness }) => completeness === each).length
    return number === 0 ? [] : [`${count(number)} ${WORDS[each]}`]
  })
  const total = files.reduce((sum, { content }) => sum + (content?.size ?? 0), 0)
  return `${plural(files.length, 'file')} (${counts.join(', ')}), ${bytes(total)}`
}

const WORDS: Record<Completeness, string> = {
  complete: 'complete',
  partial: 'partial',
  unknown: 'not known to be complete',
}

function remark({ frame, completeness, because, parts }: ExtractedFile): string {
  const of = parts ? ` (frames ${parts.map((part) => part.frame).join(', ')})` : ''
  return `frame ${frame}: ${completeness}${of}: ${because.join(', ')}`
}

const FIXED: readonly Column[] = [
  { head: '#', cell: ({ session }) => String(session), right: true },
  { head: 'frame', cell: ({ frame }) => String(frame), right: true },
  { head: 'verb', cell: ({ command }) => command ?? '?' },
]
const SIZE: Column = { head: 'size', cell: ({ content }) => (content ? count(content.size) : '-'), right: true }
const STATE: Column = { head: 'state', cell: ({ completeness }) => completeness }

/** The whole digest where there is room for it; path and stored name share what is left. */
function fitting(rows: readonly ExtractedFile[], width: number): Column[] {
  const path: Column = { head: 'path', cell: ({ absolutePath, path: named }) => absolutePath ?? named ?? '?' }
  const stored: Column = { head: 'stored as', cell: ({ stored: name }) => name ?? '-' }
  const isStored = rows.some(({ stored: name }) => name !== null)
  for (const digits of [LONG_DIGEST, SHORT_DIGEST]) {
    const digest: Column = {
      head: 'sha256',
      cell: ({ content }) => (content ? clip(content.sha256, digits === LONG_DIGEST ? digits : digits + 1) : '-'),
    }
    const used = [...FIXED, SIZE, digest, STATE].reduce((sum, column) => sum + widest(rows, column) + GAP, MARGIN)
    const room = width - used - 2 * GAP
    const [wanted, both] = [widest(rows, path), widest(rows, path) + widest(rows, stored)]
    if (digits === LONG_DIGEST && room < Math.min(both, 2 * WIDEST_PATH)) continue
    const ofPath = Math.min(wanted, Math.max(NARROWEST_PATH, Math.floor(room / 2)))
    if (!isStored && room >= NARROWEST_PATH) return [...FIXED, narrowed(path, room + GAP), SIZE, digest, STATE]
    if (room >= 2 * NARROWEST_PATH)
      return [...FIXED, narrowed(path, ofPath), SIZE, digest, STATE, narrowed(stored, room - ofPath)]
    if (room + GAP >= NARROWEST_PATH)
      return [...FIXED, SIZE, digest, STATE, narrowed(isStored ? stored : path, room + GAP)]
    break
  }
  return [...FIXED, SIZE, STATE, narrowed(isStored ? stored : path, NARROWEST_PATH)]
}

function narrowed(column: Column, width: number): Column {
  return { ...column, cell: (file) => clipMiddle(column.cell(file), width) }
}
