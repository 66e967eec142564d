import type { FindingReport, SessionReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { evidenceLines } from './evidence.js'
import { LabelledLines } from './labelled.js'
import { OUTCOME_WORDS, inOutcomeStyle } from './outcome.js'
import { wiresharkFilter } from './wireshark-filter.js'
import { hang } from './wrap.js'

/** The verdict on one session, what proves it, and what to change. */
export function* sessionDetails(session: SessionReport, options: ReportOptions): Iterable<string> {
  const { width, style } = options
  const { verdict } = session
  const id = `${session.id}  `
  const result = OUTCOME_WORDS[verdict.outcome]
  const lead = style.heading(id) + inOutcomeStyle(verdict.outcome, result, style) + '  '
  yield* hang(lead, id.length + result.length + 2, verdict.sentence, width)

  const body = new LabelledLines(id.length, width, style)
  const findings = detailedFindings(session)
  for (const finding of findings) {
    body.separate()
    if (finding.message !== verdict.sentence) body.add(finding.id === verdict.cause ? 'found' : 'also', finding.message)
    addProof(body, finding)
    for (const line of finding.remedy) body.add('change', line)
    if (finding.rivals.length > 0) body.add('rivals', `the same packets allow ${finding.rivals.join(', ')}`)
  }
  body.add('check', `Wireshark: ${wiresharkFilter(session, findings)}`)
  const explained = findings[0]?.id ?? verdict.cause
  if (explained !== null) body.add('more', `ftpscope explain ${explained}`)
  yield* body.lines
}

/** The verdict's cause first, then all other errors; milder findings are told once for all sessions. */
export function detailedFindings({ findings, verdict }: SessionReport): FindingReport[] {
  const cause = findings.find(({ id }) => id === verdict.cause)
  const others = findings.filter((finding) => finding !== cause && finding.severity === 'error')
  return cause ? [cause, ...others] : others
}

function addProof(body: LabelledLines, finding: FindingReport): void {
  const lines = evidenceLines(finding.evidence)
  const column = Math.min(WIDEST_FRAMES, Math.max(...lines.map(({ frames }) => frames.length)))
  for (const { frames, note } of lines) body.add('proof', note, frames.padEnd(column) + '  ')
}

/** Notes stand below one another unless one needs more frame numbers than this. */
const WIDEST_FRAMES = 18
