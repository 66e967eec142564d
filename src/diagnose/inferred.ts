/** The rules on what a dialogue says, applied to one that was inferred. */
import type { Inferred } from '../correlate/model.js'
import type { FindingId } from './catalogue.js'
import type { Confidence } from './confidence.js'
import { SessionFacts } from './facts/session-facts.js'
import { signsOf } from './facts/signs.js'
import type { Finding, Rule } from './rule.js'

/** Rules whose findings rest on verbs, codes and words of replies, not on what stands in between. */
const APPLICABLE: ReadonlySet<FindingId> = new Set([
  'login-rejected',
  'passive-rejected',
  'passive-private-address',
  'active-rejected',
  'active-private-address',
  'transfer-refused',
  'transfer-failed',
  'transfer-aborted',
  'storage-full',
  'idle-timeout',
  'session-timeout',
  'connection-limit',
  'tls-close-missing',
  'tls-session-reuse-required',
  'protection-mismatch',
  'passive-not-attempted',
  'transfer-stalled',
])
/** A finding is no surer than the least likely of what it rests on; below this, nothing is said. */
const LEAST = 0.8
const SURE = 0.98
const LIKELY = 0.9

/** What the rules find in the inferred dialogue; `complete` makes findings as `judge` does. */
export function inferredFindings(
  { inference, session }: Inferred,
  plan: readonly { rule: Rule; needs: number }[],
  complete: (rule: Rule, facts: SessionFacts) => Iterable<Finding>,
): Finding[] {
  const facts = new SessionFacts(session)
  const signs = signsOf(session)
  const shares = new Map(inference.records.map(({ frame, probability }) => [frame, probability]))
  const found: Finding[] = []
  for (const { rule, needs } of plan) {
    if (!APPLICABLE.has(rule.id) || (signs & needs) !== needs) continue
    for (const finding of complete(rule, facts)) {
      const share = Math.min(1, ...finding.evidence.flatMap(({ frame }) => shares.get(frame) ?? []))
      // What rests on clear text alone was found there.
      if (share === 1 && !finding.evidence.some(({ frame }) => shares.has(frame))) continue
      if (share < LEAST) continue
      found.push(inferred(finding, share, shares))
    }
  }
  return found
}

function inferred(finding: Finding, share: number, shares: ReadonlyMap<number, number>): Finding {
  const evidence = finding.evidence.map((each) =>
    shares.has(each.frame) && each.quote !== null ? { ...each, note: withNote(each.note) } : each,
  ) as unknown as Finding['evidence']
  return {
    ...finding,
    fact: { ...finding.fact, inferred: true },
    evidence,
    confidence: lower(finding.confidence, share),
  }
}

function withNote(note: string): string {
  return note === '' ? INFERRED : `${note}; ${INFERRED}`
}

const INFERRED = 'inferred from the length of its record'

function lower(confidence: Confidence, share: number): Confidence {
  if (share >= SURE) return confidence
  return share >= LIKELY && confidence !== 'low' ? 'medium' : 'low'
}
