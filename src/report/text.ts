import type { Analysis, FindingReport, SessionReport } from './contract.js'
import type { ReportFormat, ReportOptions } from './format.js'
import { alsoSeen } from './text/also-seen.js'
import { captureHeader } from './text/capture-header.js'
import { captureNotes } from './text/capture-notes.js'
import { dialogue } from './text/dialogue.js'
import { leftOut } from './text/left-out.js'
import { printable } from './text/printable.js'
import { detailedFindings, sessionDetails } from './text/session-details.js'
import { sessionTable } from './text/session-table.js'
import { summaryLine } from './text/summary-line.js'
import { plural } from './text/units.js'

/** Rows of the table, and sessions told in full: what a person still reads. `--session` shows any other. */
const TABLE_ROWS = 100
const DETAILED_SESSIONS = 20

/** The report for a terminal: the capture, a line per session, then all that is not ok with proof and remedy. */
export const text: ReportFormat = {
  *report(analysis, options) {
    for (const line of lines(analysis, options)) yield `${line}\n`
  },
}

function* lines(analysis: Analysis, options: ReportOptions): Iterable<string> {
  const { chosen } = options
  const sessions = analysis.sessions.map((session) => printableSession(session, chosen))
  const capture = printable({ ...analysis, sessions: [] })
  yield* captureHeader(capture, options)
  yield summaryLine(capture.summary, options.style)

  const notOk = sessions.filter(({ verdict }) => verdict.outcome !== 'ok')
  yield* table(sessions, notOk, options)

  const told = new Set<FindingReport>()
  const detailed = chosen ? sessions : notOk.slice(0, DETAILED_SESSIONS)
  for (const session of detailed) {
    yield ''
    yield* sessionDetails(session, options)
    if (chosen) yield* dialogue(session, options)
    for (const finding of detailedFindings(session)) told.add(finding)
  }
  const rest = notOk.slice(detailed.length)
  if (!chosen) yield* leftOut(rest, options)
  for (const session of rest)
    for (const finding of session.findings) if (finding.id === session.verdict.cause) told.add(finding)
  yield* alsoSeen(sessions, told, options)
  yield* captureNotes(capture, options)
}

function* table(
  sessions: readonly SessionReport[],
  notOk: readonly SessionReport[],
  options: ReportOptions,
): Iterable<string> {
  if (sessions.length === 0) return
  const rows = sessions.length <= TABLE_ROWS ? sessions : notOk.slice(0, TABLE_ROWS)
  yield ''
  if (rows.length > 0) yield* sessionTable(rows, options)
  const missing = sessions.length - rows.length
  const ok = sessions.length - notOk.length
  if (missing > 0) yield ` ${plural(missing, 'session')} without a line here, ${plural(ok, 'ok one')} among them`
}

/** The control connection's dialogue is only laid out for chosen sessions, so only theirs is made printable. */
function printableSession(session: SessionReport, chosen: ReadonlySet<number> | null): SessionReport {
  return printable(chosen ? session : { ...session, exchanges: [] })
}
