import { groupOf } from '../catalogue.js'
import type { Confidence } from '../confidence.js'
import type { PathFacts } from '../facts/path-facts.js'
import type { Judgement } from '../judge.js'
import { hasMissed } from './whereabouts.js'

const SURER: Readonly<Record<Confidence, Confidence>> = { low: 'medium', medium: 'high', high: 'high' }

/**
 * The judgement of a session, surer if the capture at the other end comes to the same cause: what a single capture
 * leaves open is what became of the packets beyond it. What only a log shows stays open.
 */
export function confirmed(judgement: Judgement, all: readonly (Judgement | null)[]): Judgement {
  const { facts, findings, verdict } = judgement
  const { cause, confidence } = verdict
  const path = facts.path
  if (!path || !cause || confidence === 'high' || cause.rivals.length > 0) return judgement
  const group = groupOf(cause.id)
  if (group === 'FTPS' || group === 'Capture quality' || !bothEndsFound(cause.id, path, all)) return judgement
  const surer = { ...cause, confidence: SURER[cause.confidence] }
  return {
    ...judgement,
    findings: findings.map((finding) => (finding === cause ? surer : finding)),
    verdict: { ...verdict, cause: surer, confidence: SURER[confidence] },
  }
}

function bothEndsFound(id: string, path: PathFacts, all: readonly (Judgement | null)[]): boolean {
  return (['client', 'server'] as const).every((end) =>
    path.positions.some((at, slot) => at === end && all[slot]?.verdict.cause?.id === id && !hasMissed(path, slot)),
  )
}
