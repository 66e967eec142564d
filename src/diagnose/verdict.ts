import type { DataChannel } from '../correlate/model.js'
import { groupOf } from './catalogue.js'
import type { Confidence } from './confidence.js'
import { hasOpenQuestions } from './facts/capture-facts.js'
import { isEstablished } from './facts/passive.js'
import type { SessionFacts } from './facts/session-facts.js'
import type { Outcome } from './outcome.js'
import type { Finding, Severity } from './rule.js'

/** The outcome of a session, and its cause. */
export interface Verdict {
  outcome: Outcome
  /** The finding that explains the outcome; `null` if no explanation is needed. */
  cause: Finding | null
  confidence: Confidence
}

/** Did the user get what the session was for? Defects of the capture come first, then those of the network. */
export function conclude(facts: SessionFacts, findings: readonly Finding[]): Verdict {
  const outcome = outcomeOf(facts, findings)
  const cause = outcome === 'ok' ? null : causeOf(findings, outcome)
  return { outcome, cause, confidence: cause?.confidence ?? (outcome === 'ok' ? certainty(facts) : 'low') }
}

/** How sure it is that a session worked: what the server replied may be another host's words. */
function certainty({ doubts, allDoubtful, replies }: SessionFacts): Confidence {
  if (doubts.size === 0) return 'high'
  return allDoubtful || replies.some(({ reply }) => doubts.has(reply.frame)) ? 'medium' : 'high'
}

function outcomeOf(facts: SessionFacts, findings: readonly Finding[]): Outcome {
  const { session } = facts
  if (findings.some((finding) => finding.severity === 'error' && decides(finding))) return 'failed'
  const accounted = findings.some(({ rule }) => rule.accountsForUnknown)
  const lost = session.channels.filter(
    (channel) =>
      !facts.isFine(channel) && !facts.madeGood(channel) && !(accounted && channel.transfer?.outcome === 'unknown'),
  )
  const warned = findings.some((finding) => finding.severity === 'warning' && decides(finding))
  // Failed only if a finding says why: a transfer whose end was not captured leaves the outcome open, and so does one
  // that is accounted for by a defect of the capture.
  const open = session.cutOff || session.control.midstream || lost.every((each) => facts.outcome(each) === 'unknown')
  if (lost.length > 0) return warned && !open ? 'failed' : 'undetermined'
  if (warned || session.channels.some((channel) => !facts.isFine(channel))) return 'degraded'
  if (session.cutOff && hasOpenQuestions(session)) return 'undetermined'
  return knowsEnough(facts) ? 'ok' : 'undetermined'
}

/** Whether the user's success depends on a finding. */
function decides(finding: Finding): boolean {
  if (finding.harmless) return false
  const { decides: rule } = finding.rule
  return typeof rule === 'function' ? rule(finding) : (rule ?? true)
}

/** Whether the capture shows that the user got something: a login, a transfer, an answer to a question. */
function knowsEnough(facts: SessionFacts): boolean {
  const { session, unseen, hidden } = facts
  // Half a conversation shows no result.
  if (unseen !== null) return false
  // Under TLS, only the data connections show that anything was transferred.
  if (hidden) return session.channels.some((channel) => isEstablished(channel) && carriedBytes(channel))
  if (session.dialogue.login === 'accepted' || facts.transfers.completed > 0) return true
  // A capture that begins after the login.
  return session.control.midstream && facts.answeredRequest
}

function carriedBytes({ connection }: DataChannel): boolean {
  return connection !== null && connection.flows.some(({ end }) => end > 0)
}

/**
 * The finding that explains the outcome best: the most severe one, among equals the most certain, then the first in the
 * order of the catalogue.
 */
function causeOf(findings: readonly Finding[], outcome: Outcome): Finding | null {
  const isFault = ({ id }: Finding) => groupOf(id) === 'Capture quality'
  const candidates = findings.filter((finding) => decides(finding) || (outcome === 'undetermined' && isFault(finding)))
  let best: Finding | null = null
  for (const finding of candidates)
    if (finding.severity !== 'info' && (!best || weight(finding) > weight(best))) best = finding
  if (best || outcome !== 'undetermined') return best
  return candidates.find(isFault) ?? null
}

const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = { error: 200, warning: 100, info: 0 }
const CONFIDENCE_WEIGHT: Readonly<Record<Confidence, number>> = { high: 20, medium: 10, low: 0 }

function weight(finding: Finding): number {
  return SEVERITY_WEIGHT[finding.severity] + CONFIDENCE_WEIGHT[finding.confidence]
}
