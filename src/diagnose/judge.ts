import type { DataChannel, Session } from '../correlate/model.js'
import type { FindingId } from './finding-ids.js'
import { RULES } from './registry.js'
import type { Evidence, Finding, Observation, Rule, RuleFacts, Severity } from './rule.js'
import { bitsOf, signsOf } from './facts/signs.js'
import { concludes, type Verdict } from './verdict.js'

/** A session with what the rules say of it. */
export interface Judgement {
  session: Session
  findings: Finding[]
  verdict: Verdict
}

const PLAN = RULES.map((rule) => ({ rule, needs: bitsOf(rule.needs ?? []) }))

/** Runs the rules on a session, drops what other findings explain, and concludes. */
export function judge(session: Session): Judgement {
  const found: { rule: Rule; finding: Finding }[] = []
  const signs = signsOf(session)
  for (const { rule, needs } of PLAN) {
    if ((signs & needs) !== needs) continue
    for (const observation of rule.check(session)) found.push({ rule, finding: complete(rule, observation) })
  }
  const explained = explanationsOf(found)
  const rooted = found.filter(({ finding }) => !isExplained(finding, explained.get(finding.id)))
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

/** Where findings of one sort are redundant: on these data channels, or on all of them. */
interface Explained {
  whole: boolean
  channels: Set<DataChannel>
}

/** By the sort of finding that is explained; each finding is looked at once, for there may be thousands. */
function explanationsOf(found: readonly { rule: Rule; finding: Finding }[]): Map<FindingId, Explained> {
  const explained = new Map<FindingId, Explained>()
  for (const { rule, finding } of found) {
    for (const id of rule.explains ?? []) {
      let entry = explained.get(id)
      if (!entry) explained.set(id, (entry = { whole: false, channels: new Set() }))
      if (finding.channel === null) entry.whole = true
      else entry.channels.add(finding.channel)
    }
  }
  return explained
}

/** A finding is redundant beside one of the same data channel, or where one of the two speaks of the session as a whole. */
function isExplained({ channel }: Finding, explained: Explained | undefined): boolean {
  return explained !== undefined && (channel === null || explained.whole || explained.channels.has(channel))
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
