import type { DataChannel, Session } from '../correlate/model.js'
import { finalReply } from '../ftp/model.js'
import { groupOf } from './catalogue.js'
import type { Confidence } from './confidence.js'
import { hasOpenQuestions } from './facts/capture-facts.js'
import { lacksBeginning, lacksData, lacksDialogue, lacksSize, mayHideFailure } from './facts/holes.js'
import { isEstablished } from './facts/passive.js'
import type { SessionFacts } from './facts/session-facts.js'
import type { Connection } from '../tcp/connection.js'
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
  const confidence = cause?.confidence ?? (outcome === 'ok' ? certainty(facts) : 'low')
  return {
    outcome,
    cause,
    confidence: confidence === 'high' && isPartial(facts, outcome, cause) ? 'medium' : confidence,
  }
}

/** How sure it is that a session worked: what the server replied may be another host's words. */
function certainty({ doubts, allDoubtful, replies }: SessionFacts): Confidence {
  if (doubts.size === 0) return 'high'
  return allDoubtful || replies.some(({ reply }) => doubts.has(reply.frame)) ? 'medium' : 'high'
}

/** Packets that were not captured, before, within or after what was, might show another outcome. */
function isPartial(facts: SessionFacts, outcome: Outcome, cause: Finding | null): boolean {
  const { session, unseen, dataConnections, hidden } = facts
  if (session.control.midstream || lacksDialogue(session) || unseen !== null) return true
  if (hidden && dataConnections.some(lacksData)) return true
  // A client whose control connection is stuck, or was never opened, has nothing else to try on it.
  if (outcome !== 'ok') return facts.stillTrying && (concernsData(cause) || !isStuck(session, cause))
  if (session.cutOff || dataConnections.some(({ closed, midstream }) => !closed || midstream)) return true
  if (session.channels.some(({ connection, transfer }) => transfer && !connection)) return true
  // A RST says nothing of why, and nothing else shows that the client had what it wanted.
  return facts.closing?.how === 'rst' && facts.wishes.achieved === 0
}

function concernsData(cause: Finding | null): boolean {
  return cause !== null && cause.channel !== null
}

/** The last command waits for its reply, and that is what the finding is about. */
function isStuck({ dialogue }: Session, cause: Finding | null): boolean {
  const last = dialogue.exchanges.findLast(({ command }) => command !== null)
  if (!last || !cause || finalReply(last) !== null) return false
  return cause.evidence.some(({ frame }) => frame >= last.frame)
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
  // What is known to have troubled a session does not show that the rest of it worked.
  if (lacksBeginning(session) && !knowsEnough(facts)) return 'undetermined'
  if (lacksDialogue(session) && !isProven(facts)) return 'undetermined'
  if (session.channels.some(isObscure)) return 'undetermined'
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
  return lacksBeginning(session) && facts.answeredRequest
}

/** The capture lacks part of the dialogue: what it has shows something that the user got, and no failure since. */
function isProven(facts: SessionFacts): boolean {
  if (facts.hidden) return facts.dataConnections.some(isCertainlyData)
  if (!facts.lacksWords) return true
  const { session } = facts
  const achievedUntil = Math.max(facts.wishes.achievedUntil, completedUntil(facts))
  if (achievedUntil < 0 || lacksSize(session) || mayHideFailure(facts, achievedUntil)) return false
  // Without the end of its name, it is not known whether a later transfer was the same one.
  return !session.channels.some((channel) => channel.transfer?.command.exchange.clipped && !facts.isFine(channel))
}

/** A transfer that was broken off without ABOR, and what it carried is cut: a TLS alert or the like may say why. */
function isObscure({ connection, transfer }: DataChannel): boolean {
  return transfer?.outcome === 'aborted' && !transfer.command.abortedBy && connection !== null && lacksData(connection)
}

/** Time of the last reply that completed a transfer, whether or not its command was captured; -1 without one. */
function completedUntil(facts: SessionFacts): number {
  return facts.session.channels.reduce((latest, channel) => {
    const end = facts.end(channel)
    const reply = end?.outcome === 'completed' && end.exchange ? finalReply(end.exchange) : null
    return Math.max(latest, reply?.time ?? -1)
  }, -1)
}

/** More bytes than a TLS handshake takes, and not cut short by a RST. */
function isCertainlyData({ flows, resetCount }: Connection): boolean {
  return resetCount === 0 && flows.some(({ end }) => end > HANDSHAKE_BYTES)
}

/** Certificates of a long chain take a few kilobytes. */
const HANDSHAKE_BYTES = 16_384

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
