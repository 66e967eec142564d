import type { Evidence } from './words/evidence.js'
import type { Epoch } from '../capture/time.js'
import type { Inferred, Session } from '../correlate/model.js'
import type { FindingId } from './catalogue.js'
import type { Confidence } from './confidence.js'
import type { SessionPath } from '../correlate/session-path.js'
import { unexplained } from './explain.js'
import { inferredFindings } from './inferred.js'
import { Doubt } from '../tcp/doubt.js'
import { doubtWords } from './facts/doubts.js'
import { isEstablished } from './facts/passive.js'
import { SessionFacts } from './facts/session-facts.js'
import { bitsOf, signsOf } from './facts/signs.js'
import { placed } from './places/placed.js'
import { type Finding, type Observation, type Rule, type RuleFacts, SEVERITIES } from './rule.js'
import { RULES } from './rules/rules.js'
import { conclude, type Verdict } from './verdict.js'

/** A session with what is known of it, what the rules found, and what follows from that. */
export interface Judgement {
  session: Session
  facts: SessionFacts
  findings: Finding[]
  verdict: Verdict
}

const PLAN = RULES.map((rule) => ({ rule, needs: bitsOf(rule.needs ?? []) }))

/**
 * Runs the rules on a session, drops what other findings explain, and concludes. `epoch` is the time of the first frame
 * of the input, `path` what other places saw of the session.
 */
export function judge(session: Session, epoch: Epoch | null = null, path: SessionPath | null = null): Judgement {
  const facts = new SessionFacts(session, epoch, path)
  const found: Finding[] = []
  const signs = signsOf(session, path)
  for (const { rule, needs } of PLAN) {
    if ((signs & needs) !== needs) continue
    for (const observation of rule.check(session, facts)) {
      if (!isOfOtherWords(rule, observation, facts)) found.push(completed(rule, observation, facts))
    }
  }
  const all = session.inferred ? withHidden(session, session.inferred, found) : found
  const findings = folded(unexplained(all)).sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  )
  return { session, facts, findings, verdict: conclude(facts, findings) }
}

/** A device wrote another address before the announcement came to whoever is to connect. */
function isOfOtherWords({ judgesAddress }: Rule, { channel }: Observation, { path }: SessionFacts): boolean {
  return judgesAddress === true && path !== null && channel !== undefined && path.isReaddressedBeyond(channel)
}

/**
 * The findings, and what the rules find in what TLS hides; their channels are those of the session. Where both say the
 * same, the surer one stands; where a refusal was inferred, a data connection that came to nothing is no riddle.
 */
function withHidden(session: Session, inferred: Inferred, found: readonly Finding[]): Finding[] {
  const channels = new Map(session.channels.map((channel) => [channel.connection, channel]))
  const hidden = inferredFindings(inferred, PLAN, findingsOf).map((finding) => {
    const connection = finding.channel?.connection ?? null
    return { ...finding, channel: (connection && channels.get(connection)) ?? null }
  })
  const refused = new Set(hidden.flatMap(({ id, channel }) => (id === 'transfer-refused' ? (channel ?? []) : [])))
  const isCertain = found.some(({ severity, confidence }) => severity === 'error' && confidence !== 'low')
  const surer = hidden.filter(({ id, confidence }) => {
    // A guess does not compete with what the packets show.
    if ((confidence === 'low' && isCertain) || works(session, id)) return false
    const same = found.find((finding) => finding.id === id)
    return !same || same.harmless || isSurer(confidence, same.confidence)
  })
  const replaced = new Set(surer.map(({ id }) => id))
  // That no connection came is explained where the 227 cannot have named the server's own address.
  const misled = replaced.has('passive-private-address')
  const kept = found.filter(
    ({ id, channel }) =>
      !replaced.has(id) &&
      !(id === 'transfer-reset' && channel && refused.has(channel)) &&
      !(id === 'tls-hides-announcement' && !channel && misled),
  )
  return [...kept, ...surer]
}

/** A data connection was established in the mode that the server is said to refuse. */
function works({ channels }: Session, id: FindingId): boolean {
  const mode = id === 'passive-rejected' ? 'passive' : id === 'active-rejected' ? 'active' : null
  return channels.some((channel) => channel.mode === mode && isEstablished(channel))
}

const SURENESS: readonly Confidence[] = ['low', 'medium', 'high']

function isSurer(one: Confidence, other: Confidence): boolean {
  return SURENESS.indexOf(one) > SURENESS.indexOf(other)
}

/** What one rule finds in a session, regardless of the others. */
export function* findingsOf(rule: Rule, facts: SessionFacts): Generator<Finding> {
  for (const observation of rule.check(facts.session, facts)) yield completed(rule, observation, facts)
}

/** An observation with its rule's facts. */
export function complete<R extends RuleFacts>(rule: R, observation: Observation): Finding<R> {
  return {
    rule,
    id: rule.id,
    fact: observation.fact,
    severity: observation.severity ?? rule.severity,
    confidence: observation.confidence,
    side: observation.side ?? rule.side,
    evidence: observation.evidence,
    rivals: observation.rivals ?? [],
    harmless: observation.harmless ?? false,
    channel: observation.channel ?? null,
    where: null,
    repeated: 0,
  }
}

/** A finding as far as the rest of the session lets it stand. */
function completed(rule: Rule, observation: Observation, facts: SessionFacts): Finding {
  const finding = demoted(complete(rule, observation), facts)
  const stands = facts.doubts.size === 0 ? finding : doubted(finding, facts)
  return facts.path ? placed(stands, facts.path) : stands
}

/** What rests on a doubtful segment is not certain; its evidence says why. */
function doubted(finding: Finding, { doubts, allDoubtful }: SessionFacts): Finding {
  const { evidence, confidence } = finding
  if (!allDoubtful && !evidence.some(({ frame }) => doubts.has(frame))) return finding
  const noted = evidence.map((each) => {
    const doubt = doubts.get(each.frame)
    // Rules that judge a hop limit have named it.
    if (!doubt || (doubt.why === Doubt.HopLimit && each.note.includes('TTL'))) return each
    return { ...each, note: each.note === '' ? doubtWords(doubt) : `${each.note}; ${doubtWords(doubt)}` }
  }) as unknown as Finding['evidence']
  return { ...finding, evidence: noted, confidence: confidence === 'high' ? 'medium' : confidence }
}

/** What a later attempt made good is not why the session failed. */
function demoted(finding: Finding, facts: SessionFacts): Finding {
  if (finding.severity === 'error' && finding.channel && facts.madeGood(finding.channel)) finding.severity = 'warning'
  return finding
}

/** Pieces of evidence that one finding lists, even if the session failed a thousand times in the same way. */
const MAX_EVIDENCE = 16

/** Merges findings of the same thing on several data channels of a session. */
function folded(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = `${finding.id} ${finding.severity}`
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [Finding, ...Finding[]]
    if (others.length === 0) return first
    const evidence = withoutRepeats(group.flatMap((finding) => finding.evidence))
    const [primary, ...related] = evidence as [Evidence, ...Evidence[]]
    return { ...first, repeated: others.length, evidence: [primary, ...related.slice(0, MAX_EVIDENCE - 1)] }
  })
}

/** What several of them rest on is listed once. */
function withoutRepeats(evidence: readonly Evidence[]): Evidence[] {
  const known = new Set<string>()
  return evidence.filter(({ frame, note }) => {
    const key = `${frame} ${note}`
    return !known.has(key) && known.add(key)
  })
}
