import { endpointText } from '../../diagnose/words/evidence.js'
import { shownSessions, ladderChoice, type ShownSessions } from '../shown-sessions.js'
import type { Analysis, CauseReport, CredentialReport, FindingReport, SessionReport, Summary } from '../contract.js'
import { DEFAULT_OPTIONS, type ReportFormat, type ReportOptions } from '../format.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TimeZone } from '../time-zone.js'
import { WholeAnalysis } from '../whole-analysis.js'
import { captureEnvironment } from './environment.js'
import { code, inline, markdownTable } from './escape.js'
import { frameCell } from './frame-cell.js'
import { contextOf, type TextContext } from '../text/context.js'
import { CREDENTIALS, exposure, moreUsers } from '../text/credentials.js'
import { remedyList } from './remedy-list.js'
import { sessionSection } from './session-section.js'
import { plainStyle } from '../style.js'
import { whose } from '../text/causes.js'
import { activityLines } from '../text/other-activity.js'
import { joinedLine } from '../place/place-words.js'
import { outcomeWords } from '../text/outcome.js'
import { allFindings, detailedFindings } from '../text/session-details.js'
import { sessionRow } from '../text/session-row.js'
import { sessionList } from '../text/session-list.js'
import { summaryLine } from '../text/summary-line.js'
import { count, plural } from '../text/units.js'

const LADDER_ROWS = 16
const LONG_LADDER_ROWS = 60

/** The report for a ticket or a merge request: GitHub Flavored Markdown that simpler renderers still show well. */
export const markdownReport: ReportFormat = (options) =>
  new WholeAnalysis(function* (analysis) {
    for (const line of lines(analysis, options)) yield `${line}\n`
  }, options)

function* lines(analysis: Analysis, options: ReportOptions): Iterable<string> {
  const { summary } = analysis
  // Code blocks do not wrap, and have no colors.
  const context = contextOf(analysis, { ...options, width: DEFAULT_OPTIONS.width, style: plainStyle })
  const sessions = context.joined.rows
  const shown = shownSessions(sessions, options)
  yield '# FTP sessions in a capture'
  yield ''
  yield summaryLine(summary, plainStyle)
  yield* instead(analysis)
  const several = joinedLine(analysis)
  if (several !== null) {
    yield ''
    yield inline(several)
  }
  if (shown.many) yield* causes(summary.causes)
  if (sessions.length > 1) yield* table(shown, context)
  const deservesLadder = ladderChoice()
  for (const session of shown.detailed) {
    const { chosen } = options
    const findings = chosen ? allFindings(session) : detailedFindings(session)
    const ladder = chosen ? LONG_LADDER_ROWS : deservesLadder(session) ? LADDER_ROWS : 0
    yield ''
    yield* sessionSection(session, { findings, ladder, dialogue: chosen !== null }, context)
  }
  yield* alsoSeen(summary, shown, context)
  yield* exposed(analysis, context)
  yield* otherActivity(analysis, context)
  yield ''
  yield '## Capture'
  yield* captureFindings(analysis, context)
  yield ''
  yield* captureEnvironment(analysis, context.zone)
}

/** Where there is no session: what there is instead. */
function* instead({ capture: { seen = [] } }: Analysis): Iterable<string> {
  if (seen.length === 0) return
  yield ''
  yield '**What there is instead**'
  yield ''
  for (const { sentence } of seen) yield `- ${inline(sentence)}`
}

/** Causes that are listed; JSON has all. */
const LISTED_CAUSES = 50

function* causes(all: readonly CauseReport[]): Iterable<string> {
  if (all.length === 0) return
  yield ''
  const rows = all
    .slice(0, LISTED_CAUSES)
    .map((cause) => [
      count(cause.count),
      outcomeWords(cause.outcome),
      `${inline(cause.title)} (${code(cause.cause)})`,
      inline(whose(cause)),
      sessionList(cause.sessions, cause.count),
    ])
  yield* markdownTable(['Count', 'Result', 'Cause', 'Hosts', 'Sessions'], rows)
}

function* table({ rows, withoutRow, withoutDetails }: ShownSessions, { joined, zone }: TextContext): Iterable<string> {
  yield ''
  yield* markdownTable(
    ['#', 'Start', 'Client', 'Server', 'User', 'Result', 'Transfers', 'Cause'],
    rows.map((session) => tableRow(session, joined.idsOf(session), zone)),
  )
  if (withoutRow === 0 && withoutDetails === 0) return
  yield ''
  const without = [
    ...(withoutRow > 0 ? [`${plural(withoutRow, 'more session')} not listed`] : []),
    ...(withoutDetails > 0 ? [`${plural(withoutDetails, 'more session')} that are not ok not shown in full`] : []),
  ]
  yield `${without.join('; ')}: ${code('--all')} shows all of them, ${code('--session N')} shows one in full.`
}

function tableRow(session: SessionReport, ids: readonly number[], zone: TimeZone): string[] {
  const { id, start, client, server, user, result, transfers, reason } = sessionRow(session, ids, zone)
  return [
    id,
    start,
    code(client),
    code(server),
    session.user === null ? user : code(user),
    result,
    transfers,
    inline(reason),
  ]
}

/** Findings that no section describes, each kind once. */
function* alsoSeen(
  summary: Summary,
  { detailed }: ShownSessions,
  { chosen, frames, joined }: TextContext,
): Iterable<string> {
  const listed = !chosen && summary.credentialsExposed.length > 0 ? CREDENTIALS : null
  const told = new Set<FindingReport>(detailed.flatMap((each) => (chosen ? each.findings : detailedFindings(each))))
  const groups = new Map<string, { finding: FindingReport; sessions: Set<number> }>()
  for (const { id, findings, verdict } of joined.rows) {
    for (const finding of findings) {
      if (told.has(finding) || finding.id === verdict.cause || finding.id === listed) continue
      const group = groups.get(finding.id)
      if (group) group.sessions.add(id)
      else groups.set(finding.id, { finding, sessions: new Set([id]) })
    }
  }
  if (groups.size === 0) return
  yield ''
  yield '## Other findings'
  yield ''
  const rows = [...groups.values()].map(({ finding, sessions: ids }) => [
    finding.severity,
    `${inline(finding.title)} (${code(finding.id)})`,
    ids.size === 1 ? `session ${[...ids][0]!}` : plural(ids.size, 'session'),
    firstFrame(finding, frames),
  ])
  yield* markdownTable(['Severity', 'Finding', 'Where', 'First frame'], rows)
}

function firstFrame({ evidence }: FindingReport, frames: FileFrames): string {
  const [first] = evidence
  return first ? frameCell(first.frame, frames) : '?'
}

function* exposed({ summary }: Analysis, { chosen, frames, all }: TextContext): Iterable<string> {
  const { credentialsExposed } = summary
  const [first] = credentialsExposed
  if (chosen || !first) return
  yield ''
  const title = `**Passwords in clear text** (${code(CREDENTIALS)})`
  const line = ({ user, server, ...rest }: CredentialReport): string =>
    `${code(user)} at ${code(endpointText(server.address, server.port))}: ${inline(exposure(rest, frames))}`
  const more = moreUsers(credentialsExposed)
  if (!all || more === null) {
    yield `${title}: ${line(first)}${more === null ? '' : ` ${inline(more)}`}`
    return
  }
  yield title
  yield ''
  for (const each of credentialsExposed) yield `- ${line(each)}`
}

function* otherActivity(
  { scanners = [], otherTraffic = [] }: Analysis,
  { chosen, frames }: TextContext,
): Iterable<string> {
  if (chosen || scanners.length + otherTraffic.length === 0) return
  yield ''
  yield '**Not counted as sessions**'
  yield ''
  for (const listed of [scanners, otherTraffic]) {
    const lines = activityLines(listed, frames)
    for (const line of lines) yield `- ${inline(line)}`
    if (listed.length > lines.length) yield `- and ${count(listed.length - lines.length)} more`
  }
}

function* captureFindings({ findings, capture }: Analysis, { frames }: TextContext): Iterable<string> {
  if (findings.length + capture.anomalies.length === 0) return
  yield ''
  for (const finding of findings) {
    const { severity, message } = finding
    yield `- **${severity}:** ${inline(message)} First frame ${firstFrame(finding, frames)}.`
    for (const line of remedyList(finding)) yield `  ${line}`
  }
  for (const { message, count: times } of capture.anomalies) yield `- ${inline(message)} (${plural(times, 'time')})`
}
