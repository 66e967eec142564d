import { shownSessions, ladderChoice, type ShownSessions } from '../shown-sessions.js'
import type { Analysis, FindingReport } from '../contract.js'
import type { ReportFormat, ReportOptions } from '../format.js'
import { WholeAnalysis } from '../whole-analysis.js'
import { alsoSeen } from './also-seen.js'
import { captureHeader } from './capture-header.js'
import { captureNotes } from './capture-notes.js'
import { causes } from './causes.js'
import { contextOf } from './context.js'
import { CREDENTIALS, credentials } from './credentials.js'
import { dialogue } from './dialogue.js'
import { otherActivity } from './other-activity.js'
import { instead } from './instead.js'
import { joinedLine } from '../place/place-words.js'
import { printable } from './printable.js'
import { type Advice, allFindings, detailedFindings, sessionDetails } from './session-details.js'
import { sessionTable } from './session-table.js'
import { summaryLines } from './summary-line.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

/** Rows of the ladder of a session that failed, and of one that was requested by id. */
const LADDER_ROWS = 10
const LONG_LADDER_ROWS = 60

/**
 * The report for a terminal: the capture, the causes, a line per session, then those that are not ok with remedy and
 * evidence.
 */
export const textReport: ReportFormat = (options) =>
  new WholeAnalysis(function* (analysis) {
    for (const line of lines(analysis, options)) yield `${line}\n`
  }, options)

function* lines(analysis: Analysis, options: ReportOptions): Iterable<string> {
  const context = contextOf(analysis, options)
  const sessions = context.joined.rows
  const { chosen } = options
  const capture = printable({ ...analysis, sessions: [], paths: [] })
  yield* captureHeader(capture, options)
  yield* summaryLines(capture.summary, options)
  yield* instead(capture, options)
  const several = joinedLine(analysis)
  if (several !== null) yield* hang('', 0, several, options.width)

  const shown = shownSessions(sessions, options)
  if (shown.many) yield* causes(capture.summary.causes, options)
  // The details of a single session include what the table would show.
  if (sessions.length > 1 || shown.detailed.length === 0) yield* sessionTable(shown.rows, context)

  const told = new Set<FindingReport>()
  const advice: Advice = new Map()
  const deservesLadder = ladderChoice()
  for (const session of shown.detailed) {
    yield ''
    const findings = chosen ? allFindings(session) : detailedFindings(session)
    const ladder = chosen ? LONG_LADDER_ROWS : deservesLadder(session) ? LADDER_ROWS : 0
    yield* sessionDetails(session, { findings, ladder, facts: chosen !== null }, advice, context)
    if (chosen) yield* dialogue(session, context)
    for (const finding of findings) told.add(finding)
  }
  yield* leftOut(shown, options)
  for (const session of shown.notOk)
    for (const finding of session.findings) if (finding.id === session.verdict.cause) told.add(finding)
  const { credentialsExposed } = capture.summary
  const listed = !chosen && credentialsExposed.length > 0 ? CREDENTIALS : null
  yield* alsoSeen(sessions, (finding) => told.has(finding) || finding.id === listed, context)
  if (listed !== null) yield* credentials(credentialsExposed, context)
  if (!chosen) yield* otherActivity(capture, context)
  yield* captureNotes(capture, context)
}

function* leftOut({ withoutRow, withoutDetails }: ShownSessions, { style }: ReportOptions): Iterable<string> {
  if (withoutRow === 0 && withoutDetails === 0) return
  yield ''
  if (withoutDetails > 0) yield style.heading(`${plural(withoutDetails, 'more session')} not ok`)
  if (withoutRow > 0) yield style.heading(`${plural(withoutRow, 'more session')} not listed`)
  yield '--session N shows one in full, --all shows all, --format csv has a row for each'
}
