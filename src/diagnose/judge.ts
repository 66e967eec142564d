import type { Session } from '../correlate/model.js'
import { RULES } from './registry.js'
import type { Evidence, Finding, Observation, Rule, RuleFacts, Severity } from './rule.js'
import { concludes, type Verdict } from './verdict.js'

/** A session with what the rules say of it. */
export interface Judgement {
  session: Session
  findings: Finding[]
  verdict: Verdict
}

/** Runs every rule on a session, drops what other findings explain, and concludes. */
export function judge(session: Session): Judgement {
  const found: { rule: Rule; finding: Finding }[] = []
  for (const rule of RULES) {
    for (const observation of rule.check(session)) found.push({ rule, finding: complete(rule, observation) })
  }
  const rooted = found.filter(({ finding }) => !found.some((other) => explains(other, finding)))
  const findings = folded(rooted.map(({ finding }) => finding)).sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  )
  return { session, findings, verdict: concludes(session, findings) }
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/** An observation with its rule's facts. */
export function complete(rule: RuleFacts, observation: Observation): Finding {
  return {
    id: rule.id,
    severity: observation.severity ?? rule.severity,
    confidence: observation.confidence,
    title: observation.title ?? rule.title,
    message: observation.message,
    side: observation.side ?? rule.side,
    evidence: observation.evidence,
    remedy: observation.remedy ?? rule.remedy,
    references: rule.references,
    rivals: observation.rivals ?? [],
    harmless: observation.harmless ?? false,
    channel: observation.channel ?? null,
  }
}

/** Whether a finding makes another one redundant: same data channel, or one of them speaks of the session as a whole. */
function explains(by: { rule: Rule; finding: Finding }, finding: Finding): boolean {
  if (!by.rule.explains?.includes(finding.id)) return false
  return by.finding.channel === null || finding.channel === null || by.finding.channel === finding.channel
}

/** Pieces of evidence that one finding lists; a session that fails a thousand times in one way needs no more. */
const MAX_EVIDENCE = 16

/** One finding for the same thing on several data channels of a session. */
function folded(findings: readonly Finding[]): Finding[] {
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
    const times = others.length === 1 ? 'once more' : `${others.length} more times`
    const [primary, ...related] = group.flatMap((finding) => finding.evidence) as [Evidence, ...Evidence[]]
    return {
      ...first,
      message: `${first.message} The same happened ${times} in this session.`,
      evidence: [primary, ...related.slice(0, MAX_EVIDENCE - 1)],
    }
  })
}
