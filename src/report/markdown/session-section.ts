import { causeOf } from '../cause.js'
import type { FindingReport, SessionReport } from '../contract.js'
import { ladderOf } from '../ladder/ladder.js'
import { shortLadder } from '../ladder/short-ladder.js'
import { rivalsText } from '../rivals.js'
import type { TextContext } from '../text/context.js'
import { dialogue } from '../text/dialogue.js'
import { ladderLines } from '../text/ladder-lines.js'
import { outcomeWords } from '../text/outcome.js'
import { printable } from '../text/printable.js'
import { pasteLines, wiresharkFilter } from '../place/paste.js'
import { transferName, transfersOf, transferWords } from '../text/transfer-lines.js'
import { secondOf } from '../text/session-row.js'
import { plural } from '../text/units.js'
import { remedyList } from './remedy-list.js'
import { sessionEnvironment } from './environment.js'
import { code, codeBlock, inline, markdownTable } from './escape.js'
import { frameCell } from './frame-cell.js'
import { pathSection } from './path-section.js'

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
export function* sessionSection(session: SessionReport, detail: SectionDetail, context: TextContext): Iterable<string> {
  const { verdict } = session
  const path = context.joined.pathOf(session)
  const title = causeOf(session)?.title
  yield `## Session ${session.id}: ${outcomeWords(verdict.outcome)}${title === undefined ? '' : `, ${inline(title)}`}`
  yield ''
  yield inline(verdict.sentence)
  for (const finding of detail.findings) yield* findingPart(finding, session, context)
  if (verdict.settledBy !== null) {
    yield ''
    yield `**To be sure:** ${inline(verdict.settledBy)}`
  }
  if (path) yield* pathSection(path, session, detail.dialogue, context)
  else yield* ladderPart(session, detail.ladder, context)
  if (detail.dialogue) yield* block('Dialogue', [...dialogue(session, context)])
  if (verdict.outcome === 'ok' && !detail.dialogue) yield* transferTable(session, context)
  const paste = pasteLines(path, session, detail.findings, context)
  yield* block('Wireshark', paste.length > 0 ? paste : [wiresharkFilter(session, detail.findings)])
  yield ''
  yield* sessionEnvironment(session, context.frames, context.zone)
}

function* findingPart(finding: FindingReport, { verdict }: SessionReport, { frames }: TextContext): Iterable<string> {
  if (finding.message !== verdict.sentence) {
    yield ''
    yield `**${finding.id === verdict.cause ? 'Found' : 'Also'}:** ${inline(finding.message)}`
  }
  if (finding.remedy.length > 0) {
    yield ''
    yield '**What to change**'
    yield ''
    yield* remedyList(finding)
  }
  yield ''
  const shown = finding.evidence.slice(0, LISTED_EVIDENCE)
  const rows = shown.map(({ frame, note }) => [frameCell(frame, frames), inline(note)])
  const more = finding.evidence.length - shown.length
  if (more > 0) rows.push(['…', `and ${more} more in the JSON report`])
  yield* markdownTable(['Frame', `Evidence of ${code(finding.id)}, confidence ${finding.confidence}`], rows)
  if (finding.rivals.length > 0) {
    yield ''
    yield `Could also be: ${inline(rivalsText(finding.rivals))}.`
  }
}

/** Transfers that are listed; CSV and JSON have all. */
const LISTED_TRANSFERS = 20

function* transferTable({ dataChannels }: SessionReport, { zone, frames }: TextContext): Iterable<string> {
  const transfers = transfersOf(dataChannels)
  if (transfers.length === 0) return
  yield ''
  const rows = transfers
    .slice(0, LISTED_TRANSFERS)
    .map((transfer) => [
      secondOf(zone.show(transfer.start)),
      frameCell(transfer.frame, frames),
      code(transferName(transfer)),
      inline(transferWords(transfer)),
    ])
  yield* markdownTable(['Start', 'Frame', 'Transfer', 'Result'], rows)
  const more = transfers.length - rows.length
  if (more === 0) return
  yield ''
  yield `${plural(more, 'more transfer')}: ${code('--format csv --rows transfers')} lists all.`
}

function* ladderPart(session: SessionReport, rows: number, context: TextContext): Iterable<string> {
  if (rows === 0) return
  const lines = ladderLines(printable(shortLadder(ladderOf(session), session, rows)), session.start, 0, context)
  if (lines.length > 0) yield* block('Packets', lines)
}

function* block(title: string, lines: readonly string[]): Iterable<string> {
  if (lines.length === 0) return
  yield ''
  yield `**${title}**`
  yield ''
  yield* codeBlock(lines)
}
