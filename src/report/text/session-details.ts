import { causeOf } from '../cause.js'
import type { FindingReport, SessionReport } from '../contract.js'
import { rivalsText } from '../rivals.js'
import { ladderOf } from '../ladder/ladder.js'
import { shortLadder } from '../ladder/short-ladder.js'
import type { FileFrames } from '../place/file-frames.js'
import { pasteLines, wiresharkFilter } from '../place/paste.js'
import type { TextContext } from './context.js'
import { evidenceLines } from './evidence.js'
import { LabelledLines } from './labelled.js'
import { ladderLines } from './ladder-lines.js'
import { inOutcomeStyle, outcomeWords } from './outcome.js'
import { printable } from './printable.js'
import { addFates, addPlaces, pathLadders } from './path-details.js'
import { addFacts, addParties, addTime } from './session-facts.js'
import { transferLines } from './transfer-lines.js'
import { addRemedy } from './remedy-lines.js'
import { hang } from './wrap.js'

/** How much of a session is shown besides its verdict. */
export interface Detail {
  findings: readonly FindingReport[]
  /** Rows of its ladder; 0 for none. */
  ladder: number
  /** Everything that is known of the session as a whole. */
  facts: boolean
}

/** The verdict on one session, the packets that show it, what to change, and the evidence. */
export function* sessionDetails(
  raw: SessionReport,
  detail: Detail,
  advice: Advice,
  context: TextContext,
): Iterable<string> {
  const { width, style, frames, joined, zone } = context
  const path = joined.pathOf(raw)
  const session = printable({ ...raw, exchanges: [] })
  const findings = printable(detail.findings)
  const { verdict } = session
  const id = `${session.id}  `
  const result = outcomeWords(verdict.outcome)
  const lead = style.heading(id) + inOutcomeStyle(verdict.outcome, result, style) + '  '
  // Where nothing is to be explained, nothing is uncertain either.
  const sure = verdict.cause === null ? '' : `(${verdict.confidence} confidence) `
  yield* hang(lead, id.length + result.length + 2, sure + verdict.sentence, width)

  const body = new LabelledLines(id.length, width, style)
  addParties(body, session)
  addTime(body, session, frames, zone)
  if (verdict.outcome === 'ok' && !detail.facts)
    for (const line of transferLines(session, zone)) body.add('files', line)
  if (detail.facts) addFacts(body, session, frames)
  if (path) {
    addPlaces(body, path)
    addFates(body, path, detail.facts)
  }
  yield* body.take()
  if (!path) yield* ladder(raw, detail.ladder, id.length, context)
  else if (detail.ladder > 0) {
    yield* pathLadders(path, raw, detail.facts, context)
    yield ''
  }
  for (const finding of findings) {
    body.separate()
    if (finding.message !== verdict.sentence) body.add(finding.id === verdict.cause ? 'found' : 'also', finding.message)
    addAdvice(body, finding, session.id, advice)
    addProof(body, finding, frames)
    if (finding.rivals.length > 0) body.add('or', `could also be ${rivalsText(finding.rivals)}`)
  }
  if (verdict.settledBy !== null) body.add('confirm', `To be sure: ${verdict.settledBy}`)
  const lines = pasteLines(path, raw, findings, context)
  for (const line of lines) body.addUnbroken('check', line)
  if (lines.length === 0) body.add('check', `Wireshark: ${wiresharkFilter(session, findings)}`)
  const explained = findings[0]?.id ?? verdict.cause
  if (explained !== null) body.add('more', `ftpscope explain ${explained}`)
  yield* body.take()
}

/** The session that first gave the advice of each finding, so that twenty sessions with one fault do not repeat it. */
export type Advice = Map<string, number>

/** The verdict's cause first, then all other errors; less severe findings are listed once for all sessions. */
export function detailedFindings(session: SessionReport): FindingReport[] {
  return allFindings(session).filter(({ id, severity }) => id === session.verdict.cause || severity === 'error')
}

/** The verdict's cause first. */
export function allFindings(session: SessionReport): FindingReport[] {
  const { findings } = session
  const cause = causeOf(session)
  return cause ? [cause, ...findings.filter((finding) => finding !== cause)] : findings
}

function* ladder(session: SessionReport, rows: number, indent: number, options: TextContext): Iterable<string> {
  if (rows === 0) return
  const lines = ladderLines(printable(shortLadder(ladderOf(session), session, rows)), session.start, indent, options)
  if (lines.length === 0) return
  yield ''
  yield* lines
  yield ''
}

function addAdvice(body: LabelledLines, finding: FindingReport, session: number, advice: Advice): void {
  const { id, remedy } = finding
  if (remedy.length === 0) return
  const key = [id, ...remedy].join('\n')
  const first = advice.get(key) ?? session
  advice.set(key, first)
  if (first === session) addRemedy(body, finding)
  else body.add('change', `as for session ${first}`)
}

function addProof(body: LabelledLines, finding: FindingReport, files: FileFrames): void {
  const lines = evidenceLines(finding.evidence, files)
  const column = Math.min(
    files.isSeveral ? WIDEST_NAMED_FRAMES : WIDEST_FRAMES,
    Math.max(...lines.map(({ frames }) => frames.length)),
  )
  for (const { frames, note } of lines) body.add('proof', note, frames.padEnd(column) + '  ')
}

/** Notes are aligned unless one has more frame numbers than this; with files' names before them, they are wider. */
const WIDEST_FRAMES = 18
const WIDEST_NAMED_FRAMES = 40
