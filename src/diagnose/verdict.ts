import type { DataChannel } from '../correlate/model.js'
import { finalReply, FROM_SERVER } from '../ftp/model.js'
import { groupOf } from './catalogue.js'
import type { Confidence } from './confidence.js'
import { hasOpenQuestions } from './facts/capture-facts.js'
import type { HiddenPayload } from './facts/hidden-data.js'
import { lacksBeginning, lacksData, lacksDialogue, lacksSize, mayHideFailure } from './facts/holes.js'
import { isEstablished } from './facts/passive.js'
import type { SessionFacts } from './facts/session-facts.js'
import { type Connection, type Flow, opposite } from '../tcp/connection.js'
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

/**
 * Packets that were not captured, before, within or after what was, might show another outcome. A defect of the capture
 * is certain where it shows, and what failed in the capture has failed, wherever that begins or ends.
 */
function isPartial(facts: SessionFacts, outcome: Outcome, cause: Finding | null): boolean {
  const { session, unseen, dataConnections, hidden } = facts
  if (outcome === 'undetermined' && cause && isFault(cause)) return false
  if (lacksDialogue(session) || unseen !== null) return true
  if (hidden && dataConnections.some(lacksData)) return true
  return outcome === 'ok' ? !isComplete(facts) : mayGoOn(facts, outcome, cause)
}

/** An answer that takes longer comes from nowhere: SYNs are repeated after 1 s and 3 s (RFC 6298 §2). */
const ANSWER_NS = 3e9

/** The capture ends before what the session waits for was due, or before the client could try something else. */
function mayGoOn(facts: SessionFacts, outcome: Outcome, cause: Finding | null): boolean {
  const { session, stillTrying, closing } = facts
  const { control, cutOff, judgedAt, channels } = session
  if (!cutOff || !cause || closing) return false
  if (control.flows[FROM_SERVER].end === 0) {
    return control.resetCount === 0 && control.icmpErrors.length === 0 && judgedAt - control.first.time < ANSWER_NS
  }
  const last = channels.at(-1)
  if (!stillTrying || !last || (last.announcement?.malformed ?? null) !== null) return false
  // Whatever was announced last has not been used yet.
  const announcedAt = last.announcement?.time ?? -Infinity
  if (last.state === 'not-attempted' && last.transfer === null && judgedAt - announcedAt < ANSWER_NS)
    return outcome === 'degraded' || cause.channel === null || cause.channel.state === 'rejected'
  if ((cause.channel ?? last) !== last) return false
  // EPSV is followed by PASV, and EPRT by PORT.
  if (last.state === 'rejected') return last.transfer === null
  return cause.channel === last && last.state === 'unanswered' && judgedAt - last.connection!.first.time < ANSWER_NS
}

/** All that the user wanted is in the capture, from the greeting to the last reply. */
function isComplete(facts: SessionFacts): boolean {
  const { session, closing, dataConnections } = facts
  if (session.control.midstream || dataConnections.some(({ closed, midstream }) => !closed || midstream)) return false
  if (session.channels.some(({ connection, transfer }) => transfer && !connection)) return false
  if (session.cutOff && !isAccomplished(facts)) return false
  // A RST says nothing of why: it has to come after something that the user got.
  return closing?.how !== 'rst' || hasGot(facts)
}

/** Receivers delay an acknowledgment for less (RFC 9293 §3.8.6.3). */
const DELAYED_ACK_NS = 0.5e9

/** The capture ends before QUIT, after the reply to the last command, and the data of each transfer is in it. */
function isAccomplished(facts: SessionFacts): boolean {
  const { session } = facts
  if (!hasGot(facts) || hasOpenQuestions(session) || facts.hidden) return false
  // The client may never get the last reply.
  const { acknowledged, end, lastData, stuck } = session.control.flows[FROM_SERVER]
  const waited = session.judgedAt - (lastData?.time ?? 0)
  if (acknowledged < end && (stuck || waited > DELAYED_ACK_NS)) return false
  // What was announced was for something, and that has not come yet.
  return session.channels.at(-1)?.transfer !== null
}

/** A transfer that completed, or a change; under TLS, data that the server has replied to since. */
function hasGot({ session, hidden, wishes, dataConnections }: SessionFacts): boolean {
  if (!hidden) return wishes.achieved > 0
  const replied = session.control.flows[FROM_SERVER].lastData?.time ?? -1
  return dataConnections.some(({ closed, last, flows }) => closed && last.time < replied && flows.some(carries))
}

const carries = ({ end }: Flow): boolean => end > 0

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
  if (session.channels.some(isObscure) || facts.hiddenPayloads.some(isBrokenOff)) return 'undetermined'
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

/** Under TLS: what was sent was never acknowledged to the end, or the taker closed before the sender had ended. */
function isBrokenOff({ connection, direction, bytes }: HiddenPayload): boolean {
  const { flows } = connection
  if (flows.some(({ stuck, acknowledged, end }) => stuck && acknowledged < end)) return true
  const sender = flows[direction]
  const taker = flows[opposite(direction)].finNumbers
  // A FIN that acknowledges the other one was sent after it, in whatever order they were captured.
  const closedLast = sender.finNumbers === null || (taker !== null && sender.finNumbers[1] === (taker[0] + 1) >>> 0)
  return bytes > 0 && !sender.endsWithAlert && taker !== null && closedLast
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
  const candidates = findings.filter((finding) => decides(finding) || (outcome === 'undetermined' && isFault(finding)))
  let best: Finding | null = null
  for (const finding of candidates)
    if (finding.severity !== 'info' && (!best || weight(finding) > weight(best))) best = finding
  if (best || outcome !== 'undetermined') return best
  return candidates.find(isFault) ?? null
}

/** A finding about the capture, not about what it shows. */
function isFault({ id }: Finding): boolean {
  return groupOf(id) === 'Capture quality'
}

const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = { error: 200, warning: 100, info: 0 }
const CONFIDENCE_WEIGHT: Readonly<Record<Confidence, number>> = { high: 20, medium: 10, low: 0 }

function weight(finding: Finding): number {
  return SEVERITY_WEIGHT[finding.severity] + CONFIDENCE_WEIGHT[finding.confidence]
}
