import { code, inline, markdownTable } from '../markdown/escape.js'
import { plural } from '../text/units.js'
import type { DiffReport, FindingNameReport, SessionChangeReport } from './contract.js'
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

const LISTED_TRANSFERS = 20

/** Two runs for a ticket or a merge request, as GitHub Flavored Markdown. */
export function* diffMarkdown(report: DiffReport, { all }: { all: boolean }): Iterable<string> {
  const { before, after, summary, findings, sessions } = report
  yield '# FTP sessions before and after a change'
  yield ''
  yield `**${inline(summaryWords(summary))}**`
  yield ''
  yield* markdownTable(
    ['', 'Files', 'Sessions'],
    [
      ['before', inline(filesWords(before)), inline(runWords(before))],
      ['after', inline(filesWords(after)), inline(runWords(after))],
    ],
  )
  const { rows, detailed } = shownOf(report, all)
  if (rows.length > 0) {
    yield ''
    yield* markdownTable(['Session', '', 'Client → server', 'Result', 'Transfers'], rows.map(rowOf))
  }
  if (rows.length < sessions.length) {
    yield ''
    yield `${plural(sessions.length - rows.length, 'more session')}: ${code('--all')} lists them.`
  }
  if (findings.length > 0) {
    yield ''
    yield '## Findings'
    yield ''
    yield* markdownTable(
      ['', 'Severity', 'Finding', 'Sessions before', 'Sessions after'],
      findings.map(({ id, title, severity, change, before: was, after: is }) => [
        change,
        severity,
        `${inline(title)} (${code(id)})`,
        String(was),
        String(is),
      ]),
    )
  }
  for (const session of detailed) yield* sessionPart(session)
}

function rowOf(session: SessionChangeReport): string[] {
  return [
    idWords(session),
    CHANGE_WORDS[session.change],
    inline(endsWords(session)),
    outcomeChange(session),
    transfersChange(session),
  ]
}

function* sessionPart(session: SessionChangeReport): Iterable<string> {
  const { change, before, after, findings, transfers } = session
  yield ''
  yield `## Session ${idWords(session)}: ${CHANGE_WORDS[change]}, ${outcomeChange(session)}`
  yield ''
  yield inline(endsWords(session))
  yield ''
  if (before) yield `- before: ${inline(before.sentence)}`
  if (after) yield `- after: ${inline(after.sentence)}`
  for (const label of ['went', 'came', 'stayed'] as const) {
    if (findings[label].length > 0) yield `- ${label}: ${findings[label].map(findingWords).join('; ')}`
  }
  const times = before && after ? timeRows(before.times, after.times) : []
  const rows = [
    ...times,
    ...transfers
      .slice(0, LISTED_TRANSFERS)
      .map(({ command, path, before: old, after: fresh }) => [
        code(path === null ? command : `${command} ${path}`),
        inline(transferWords(old)),
        inline(transferWords(fresh)),
        '',
      ]),
  ]
  if (rows.length === 0) return
  yield ''
  yield* markdownTable(['', 'Before', 'After', 'Difference'], rows)
  if (transfers.length > LISTED_TRANSFERS) {
    yield ''
    yield `${plural(transfers.length - LISTED_TRANSFERS, 'more transfer')} in the JSON report.`
  }
}

function findingWords({ severity, title, id }: FindingNameReport): string {
  return `${inline(title)} (${code(id)}, ${severity})`
}
