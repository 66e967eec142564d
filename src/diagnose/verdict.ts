import type { DataChannel, Session } from '../correlate/model.js'
import type { FindingId } from './finding-ids.js'
import { isEstablished, madeGood } from './facts/passive.js'
import { unseenDirection } from './facts/control.js'
import { hasOpenQuestions } from './facts/capture-facts.js'
import { countTransfers } from './facts/count-transfers.js'
import { groupOf } from './groups.js'
import type { Confidence, Finding, Severity } from './rule.js'
import { settledBy } from './remedies/settled-by.js'
import { isHidden } from './facts/tls.js'
import { transferOutcome } from './facts/transfer-outcome.js'

export type Outcome = 'ok' | 'degraded' | 'failed' | 'undetermined'

export interface Verdict {
  outcome: Outcome
  cause: FindingId | null
  confidence: Confidence
  /** One sentence that a ticket can carry. */
  sentence: string
  /** The capture that would settle what this one leaves open; `null` where nothing is. */
  settledBy: string | null
}

/** What became of a session: did the user get what it set out for (the capture's own faults first, then the network's)? */
export function concludes(session: Session, findings: readonly Finding[]): Verdict {
  const outcome = outcomeOf(session, findings)
  const cause = outcome === 'ok' ? null : causeOf(findings, outcome)
  const confidence = cause?.confidence ?? (outcome === 'ok' ? 'high' : 'low')
  return {
    outcome,
    cause: cause?.id ?? null,
    confidence,
    sentence: cause ? cause.message : plainSentence(session, outcome),
    settledBy: settledBy(session, outcome, confidence, findings, cause),
  }
}

function outcomeOf(session: Session, findings: readonly Finding[]): Outcome {
  if (findings.some((f) => f.severity === 'error' && judgesOutcome(f))) return 'failed'
  // All bytes of a transfer that nobody confirmed have passed: that is told as a warning.
  const unconfirmed = findings.some((f) => f.id === 'transfer-unconfirmed')
  const lost = session.channels.filter(
    (channel) =>
      !isFine(session, channel) &&
      !madeGood(session, channel) &&
      !(unconfirmed && channel.transfer?.outcome === 'unknown'),
  )
  if (lost.length > 0) return session.cutOff || session.control.midstream ? 'undetermined' : unexplained(session, lost)
  if (findings.some((f) => f.severity === 'warning' && judgesOutcome(f))) return 'degraded'
  if (session.channels.some((channel) => !isFine(session, channel))) return 'degraded'
  if (session.cutOff && hasOpenQuestions(session)) return 'undetermined'
  return knowsEnough(session) ? 'ok' : 'undetermined'
}

/** A security finding or a fault of the capture is worth telling, but is not what the user's success hangs on. */
function judgesOutcome(finding: Finding): boolean {
  if (finding.harmless) return false
  // A bounce that brought no data is why the session got none.
  if (finding.id === 'port-bounce') return finding.channel?.transfer?.outcome !== 'completed'
  // The user's bytes went to somebody else, or what was put in kept TLS from coming about.
  if (finding.id === 'data-connection-hijack' || finding.id === 'tls-command-injection') return true
  const group = groupOf(finding.id)
  return group !== 'Security' && group !== 'Capture quality'
}

/** The data channel did what it was for, or nobody wanted it after all. */
function isFine(session: Session, channel: DataChannel): boolean {
  const outcome = transferOutcome(session, channel)
  if (outcome === 'completed' || outcome === 'refused' || outcome === 'aborted') return true
  if (outcome === 'unknown') return false
  if (outcome) return false
  // Announced and never used: a client that changed its mind, or an answer that the next attempt replaced.
  return channel.state === 'established' || channel.state === 'not-attempted' || channel.state === 'rejected'
}

/** Channels without an error finding: a transfer whose end was not seen leaves the matter open, a broken one does not. */
function unexplained(session: Session, lost: readonly DataChannel[]): Outcome {
  return lost.every((channel) => transferOutcome(session, channel) === 'unknown') ? 'undetermined' : 'failed'
}

function knowsEnough(session: Session): boolean {
  // Half a conversation shows no result.
  if (unseenDirection(session.control) !== null) return false
  // Under TLS only what passes over data connections shows that something was got.
  if (isHidden(session)) return session.channels.some(isEstablished)
  return session.dialogue.exchanges.some((exchange) => exchange.replies.length > 0)
}

/** The finding that explains the outcome best: the worst one, among equals the surest, then the first in the order of rules. */
function causeOf(findings: readonly Finding[], outcome: Outcome): Finding | null {
  const candidates = findings.filter(
    (f) => judgesOutcome(f) || (outcome === 'undetermined' && groupOf(f.id) === 'Capture quality'),
  )
  let best: Finding | null = null
  for (const finding of candidates)
    if (finding.severity !== 'info' && (!best || weight(finding) > weight(best))) best = finding
  if (best || outcome !== 'undetermined') return best
  return candidates.find((f) => groupOf(f.id) === 'Capture quality') ?? null
}

const SEVERITY_WEIGHT: Record<Severity, number> = { error: 200, warning: 100, info: 0 }
const CONFIDENCE_WEIGHT: Record<Confidence, number> = { high: 20, medium: 10, low: 0 }

function weight(finding: Finding): number {
  return SEVERITY_WEIGHT[finding.severity] + CONFIDENCE_WEIGHT[finding.confidence]
}

function plainSentence(session: Session, outcome: Outcome): string {
  const { attempted, completed } = countTransfers(session)
  const login = { accepted: 'login accepted', rejected: 'login rejected', none: 'no login', unknown: 'login not seen' }[
    session.dialogue.login
  ]
  const security = session.dialogue.security === 'none' ? '' : ', under TLS'
  const summary = `${login}${security}, ${completed} of ${attempted} ${attempted === 1 ? 'transfer' : 'transfers'} completed`
  switch (outcome) {
    case 'ok':
      return `The session worked: ${summary}.`
    case 'degraded':
      return `The session got what it wanted, but not at the first attempt: ${summary}.`
    case 'failed':
      return `The session failed: ${summary}.`
    case 'undetermined':
      return `The capture does not show how the session ended: ${summary}.`
  }
}
