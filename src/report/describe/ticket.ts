import type { Clock } from '../../capture/time.js'
import { endpointText } from '../../diagnose/words/evidence.js'
import type { Session } from '../../correlate/model.js'
import type { FindingReport, VerdictReport } from '../contract.js'
import { rivalsText } from '../rivals.js'

/** Frames that a ticket names; the report has the rest. */
const NAMED_FRAMES = 6

const WORDS = {
  failed: 'failed',
  degraded: 'worked with problems',
  undetermined: 'cannot be judged from the capture',
  ok: 'worked',
}

/** A paragraph for a ticket: hosts, what happened, evidence, and what to change. `null` if nothing is wrong. */
export function ticketOf(
  session: Session,
  verdict: Omit<VerdictReport, 'ticket'>,
  cause: FindingReport | null,
  clock: Clock,
): string | null {
  if (verdict.outcome === 'ok') return null
  const { control, dialogue } = session
  const client = endpointText(control.initiator.address, control.initiator.port)
  const server = endpointText(control.responder.address, control.responder.port)
  const user = dialogue.user === null ? '' : `, user ${dialogue.user}`
  const parts = [
    `FTP session from ${client} to ${server}${user}, started at ${clock.iso(control.first.time)}, ` +
      `${WORDS[verdict.outcome]}: ${verdict.sentence}`,
  ]
  if (cause) {
    parts.push(evidenceWords(cause))
    const [change, ...others] = cause.remedy
    if (change !== undefined)
      parts.push(`What to change: ${ended(change)}${others.length > 0 ? ' (The report lists alternatives.)' : ''}`)
    if (cause.rivals.length > 0) parts.push(`Could also be: ${rivalsText(cause.rivals)}.`)
  }
  if (verdict.confidence !== 'high') parts.push(`Confidence: ${verdict.confidence}.`)
  if (verdict.settledBy !== null) parts.push(`To be sure: ${verdict.settledBy}`)
  return parts.join(' ')
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** The first frames, in order; those of several files with their names. */
function evidenceWords({ evidence }: FindingReport): string {
  const frames = [...new Map(evidence.map((each) => [each.frame, each])).values()].sort((a, b) => a.frame - b.frame)
  const more = frames.length > NAMED_FRAMES ? ' …' : ''
  const first = frames.slice(0, NAMED_FRAMES)
  if (first.some(({ file }) => file !== undefined))
    return `Evidence: ${first.map(({ file, localFrame, frame }) => `${file ?? ''} #${localFrame ?? frame}`).join(', ')}${more}.`
  return `Evidence: frame${frames.length > 1 ? 's' : ''} ${first.map(({ frame }) => frame).join(', ')}${more}.`
}
