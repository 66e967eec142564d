import type { Analysis } from '../contract.js'
import type { TextContext } from './context.js'
import { evidenceLines } from './evidence.js'
import { LabelledLines } from './labelled.js'
import { addRemedy } from './remedy-lines.js'
import { plural } from './units.js'

/** Kinds of anomalies that are listed; JSON has all. */
const LISTED_ANOMALIES = 10

/** Notes on the capture itself: its findings and anomalies. */
export function* captureNotes(
  { findings, capture }: Analysis,
  { width, style, frames: files }: TextContext,
): Iterable<string> {
  if (findings.length === 0 && capture.anomalies.length === 0) return
  yield ''
  yield style.heading('Capture')
  const body = new LabelledLines(1, width, style)
  for (const finding of findings) {
    body.separate()
    body.add(finding.severity, finding.message)
    for (const { frames, note } of evidenceLines(finding.evidence, files)) body.add('proof', note, `${frames}  `)
    addRemedy(body, finding)
    body.add('more', `ftpscope explain ${finding.id}`)
  }
  body.separate()
  for (const { message, count, firstFrame } of capture.anomalies.slice(0, LISTED_ANOMALIES)) {
    const facts = [
      ...(count > 1 ? [plural(count, 'time')] : []),
      ...(firstFrame === null ? [] : [`${count > 1 ? 'first in ' : ''}${files.name(firstFrame)}`]),
    ]
    body.add('note', facts.length === 0 ? message : `${message} (${facts.join(', ')})`)
  }
  const more = capture.anomalies.length - LISTED_ANOMALIES
  if (more > 0) body.add('note', `${plural(more, 'more kind')} of anomaly in the JSON report`)
  yield* body.take()
}
