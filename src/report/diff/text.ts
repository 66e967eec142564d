import type { ReportOptions } from '../format.js'
import type { Style } from '../style.js'
import { clip, clipMiddle, displayWidth } from '../text/display-width.js'
import { LabelledLines } from '../text/labelled.js'
import { printable } from '../text/printable.js'
import { plural } from '../text/units.js'
import { hang } from '../text/wrap.js'
import type { Change, DiffReport, FindingNameReport, SessionChangeReport } from './contract.js'
import {
  CHANGE_WORDS,
  endsWords,
  filesWords,
  idWords,
  outcomeChange,
  runWords,
  shownOf,
  summaryWords,
  timeRows,
  transfersChange,
  transferWords,
} from './words.js'

type Layout = Pick<ReportOptions, 'width' | 'style' | 'all'>

/** Transfers that are listed of a session; JSON has all. */
const LISTED_TRANSFERS = 10

/** Two runs for a terminal: the counts, what became of each finding, a line per session, then those that changed. */
export function* diffText(raw: DiffReport, options: Layout): Iterable<string> {
  const { width, style, all } = options
  const { before, after, summary, findings } = printable({ ...raw, sessions: [] })
  for (const [label, run] of [['before', before] as const, ['after', after] as const]) {
    const body = new LabelledLines(0, width, style)
    body.add(label, `${filesWords(run)}   ${runWords(run)}`)
    yield* body.take()
  }
  const result = summaryWords(summary)
  yield* hang('', 0, summary.isWorse ? style.failed(result) : style.ok(result), width + MARKUP)
  const { rows, detailed } = shownOf(raw, all)
  if (raw.sessions.length > 1) yield* table(printable(rows.map(rowOf)), options)
  if (rows.length < raw.sessions.length)
    yield ` ${plural(raw.sessions.length - rows.length, 'more session')}: --all lists them`
  if (raw.sessions.length > 1 && findings.length > 0) {
    yield ''
    yield style.heading('Findings')
    for (const { id, title, severity, change, before: was, after: is } of findings) {
      const extent = was === is ? plural(was, 'session') : `${plural(was, 'session')}, then ${is}`
      yield* hang(
        ` ${style.faint(change.padEnd(CHANGE_WIDTH))}`,
        1 + CHANGE_WIDTH,
        `${severity}  ${title}: ${extent} (${id})`,
        width,
      )
    }
  }
  for (const session of detailed) {
    yield ''
    yield* sessionLines(printable(session), options)
  }
}

/** Room for the marks of a style, which take no columns. */
const MARKUP = 20
const CHANGE_WIDTH = 8

const COLUMNS = ['before → after', '', 'client → server', 'result', 'transfers'] as const

function rowOf(session: SessionChangeReport): { change: Change; cells: string[] } {
  const cells = [
    idWords(session),
    CHANGE_WORDS[session.change],
    endsWords(session),
    outcomeChange(session),
    transfersChange(session),
  ]
  return { change: session.change, cells }
}

const ENDS = 2
const GAP = 2
/** If there is less room for client, server and user, they stand on a line of their own. */
const NARROWEST_ENDS = 40

function* table(rows: readonly ReturnType<typeof rowOf>[], { width, style }: Layout): Iterable<string> {
  yield ''
  const widest = COLUMNS.map((head, at) =>
    Math.max(displayWidth(head), ...rows.map(({ cells }) => displayWidth(cells[at]!))),
  )
  const others = widest.reduce((sum, each, at) => sum + (at === ENDS ? 0 : each) + GAP, 1)
  const room = width - others
  const isStacked = room < Math.min(NARROWEST_ENDS, widest[ENDS]!)
  const columns = COLUMNS.map((_, at) => at).filter((at) => at !== ENDS || !isStacked)
  const widths = widest.map((each, at) => (at === ENDS ? Math.min(each, room) : each))
  const line = (cells: readonly string[], marked: (text: string) => string): string => {
    const padded = columns.map((at) => {
      const shown = at === ENDS ? clipMiddle(cells[at]!, widths[at]!) : clip(cells[at]!, widths[at]!)
      return (at === 1 ? marked(shown) : shown) + ' '.repeat(widths[at]! - displayWidth(shown))
    })
    return ` ${padded.join(' '.repeat(GAP))}`.trimEnd()
  }
  yield style.faint(line(COLUMNS, (text) => text))
  for (const { change, cells } of rows) {
    yield line(cells, (text) => inChangeStyle(change, text, style))
    if (isStacked) yield* hang(' '.repeat(INDENT), INDENT, cells[ENDS]!, width)
  }
}

const INDENT = 4

function inChangeStyle(change: Change, text: string, style: Style): string {
  if (change === 'worse' || change === 'gone') return style.failed(text)
  if (change === 'better') return style.ok(text)
  return change === 'same' ? text : style.undetermined(text)
}

function* sessionLines(session: SessionChangeReport, { width, style }: Layout): Iterable<string> {
  const { change, before, after, matchedBy, findings, transfers } = session
  const id = `${idWords(session)}  `
  const word = CHANGE_WORDS[change]
  const lead = style.heading(id) + inChangeStyle(change, word, style) + '  '
  yield* hang(lead, id.length + word.length + 2, outcomeChange(session), width)
  const body = new LabelledLines(3, width, style)
  body.add('session', endsWords(session))
  if (matchedBy.length > 0) body.add('same', matchedBy.join(', '))
  if (before && before.sentence !== after?.sentence) body.add('before', before.sentence)
  if (after) body.add(before?.sentence === after.sentence ? 'still' : 'after', after.sentence)
  for (const label of ['went', 'came', 'stayed'] as const) {
    for (const finding of findings[label]) body.add(label, findingWords(finding))
  }
  if (before && after) {
    const rows = timeRows(before.times, after.times)
    for (const [name, old, fresh, by] of rows) {
      body.add(
        'times',
        `${name!.padEnd(NAME_WIDTH)}${old!.padStart(TIME_WIDTH)}  →${fresh!.padStart(TIME_WIDTH)}  ${by!}`.trimEnd(),
      )
    }
  }
  for (const transfer of transfers.slice(0, LISTED_TRANSFERS)) {
    const [old, fresh] = [transferWords(transfer.before), transferWords(transfer.after)]
    const name = transfer.path === null ? transfer.command : `${transfer.command} ${transfer.path}`
    body.add('transfer', `${name}: ${old === fresh ? old : `${old} → ${fresh}`}`)
  }
  if (transfers.length > LISTED_TRANSFERS) {
    body.add('transfer', `and ${plural(transfers.length - LISTED_TRANSFERS, 'more transfer')} in the JSON report`)
  }
  yield* body.take()
}

const NAME_WIDTH = 10
const TIME_WIDTH = 12

function findingWords({ severity, title, id }: FindingNameReport): string {
  return `${severity}  ${title} (${id})`
}
