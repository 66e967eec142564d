import { causeOf } from '../cause.js'
import type { FindingReport, SessionReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { DEFAULT_OPTIONS } from '../format.js'
import { ladderOf } from '../ladder/ladder.js'
import { shortLadder } from '../ladder/short-ladder.js'
import { rivalsText } from '../rivals.js'
import { dialogue } from '../text/dialogue.js'
import { ladderLines } from '../text/ladder-lines.js'
import { outcomeWords } from '../text/outcome.js'
import { printable } from '../text/printable.js'
import { wiresharkFilter } from '../text/wireshark-filter.js'
import { sessionEnvironment } from './environment.js'
import { code, codeBlock, inline, markdownTable } from './escape.js'

/** How much of one session is described. */
export interface SectionDetail {
  findings: readonly FindingReport[]
  /** Rows of its ladder; 0 for none. */
  ladder: number
  dialogue: boolean
}

/** Pieces of evidence of one finding that are listed; JSON has all. */
const LISTED_EVIDENCE = 12

/** One session as a ticket needs it: verdict, what to change, packets, evidence, filter, environment. */
export function* sessionSection(session: SessionReport, detail: SectionDetail): Iterable<string> {
  const { verdict } = session
  const title = causeOf(session)?.title
  yield `## Session ${session.id}: ${outcomeWords(verdict.outcome)}${title === undefined ? '' : `, ${inline(title)}`}`
  yield ''
  yield inline(verdict.sentence)
  for (const finding of detail.findings) yield* findingPart(finding, session)
  if (verdict.settledBy !== null) {
    yield ''
    yield `**To be sure:** ${inline(verdict.settledBy)}`
  }
  yield* ladderPart(session, detail.ladder)
  if (detail.dialogue) yield* block('Dialogue', [...dialogue(session, TEXT)])
  yield* block('Wireshark', [wiresharkFilter(session, detail.findings)])
  yield ''
  yield* sessionEnvironment(session)
}

/** Code blocks do not wrap, and have no colors. */
const TEXT: ReportOptions = DEFAULT_OPTIONS

function* findingPart(finding: FindingReport, { verdict }: SessionReport): Iterable<string> {
  if (finding.message !== verdict.sentence) {
    yield ''
    yield `**${finding.id === verdict.cause ? 'Found' : 'Also'}:** ${inline(finding.message)}`
  }
  if (finding.remedy.length > 0) {
    yield ''
    yield '**What to change**'
    yield ''
    for (const line of finding.remedy) yield `- ${inline(line)}`
  }
  yield ''
  const shown = finding.evidence.slice(0, LISTED_EVIDENCE)
  const rows = shown.map(({ frame, note }) => [String(frame), inline(note)])
  const more = finding.evidence.length - shown.length
  if (more > 0) rows.push(['…', `and ${more} more in the JSON report`])
  yield* markdownTable(['Frame', `Evidence of ${code(finding.id)}, confidence ${finding.confidence}`], rows)
  if (finding.rivals.length > 0) {
    yield ''
    yield `Could also be: ${inline(rivalsText(finding.rivals))}.`
  }
}

function* ladderPart(session: SessionReport, rows: number): Iterable<string> {
  if (rows === 0) return
  const lines = ladderLines(printable(shortLadder(ladderOf(session), session, rows)), session.start, 0, TEXT)
  if (lines.length > 0) yield* block('Packets', lines)
}

function* block(title: string, lines: readonly string[]): Iterable<string> {
  if (lines.length === 0) return
  yield ''
  yield `**${title}**`
  yield ''
  yield* codeBlock(lines)
}
