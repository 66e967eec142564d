import type { ConnectionPath } from '../../correlate/session-path.js'
import { sequenceLength } from '../../paths/digest/rows.js'
import { type FindingId, groupOf } from '../catalogue.js'
import type { Confidence } from '../confidence.js'
import { lacksDialogue } from '../facts/holes.js'
import type { PathFacts } from '../facts/path-facts.js'
import type { Judgement } from '../judge.js'
import type { Finding } from '../rule.js'
import { hasMissed } from './whereabouts.js'

const SURER: Readonly<Record<Confidence, Confidence>> = { low: 'medium', medium: 'high', high: 'high' }

/**
 * The judgement of a session, surer if the capture at the other end comes to the same cause, or has all packets that
 * the cause rests on: what a single capture leaves open is what became of the packets beyond it. For the same reason
 * packets that were lost there are no other cause. What only a log shows stays open.
 */
export function confirmed(judgement: Judgement, all: readonly (Judgement | null)[]): Judgement {
  const { session, facts, findings, verdict } = judgement
  const { cause, confidence } = verdict
  const path = facts.path
  if (!path || !cause || (confidence === 'high' && cause.rivals.length === 0)) return judgement
  const group = groupOf(cause.id)
  if (group === 'Capture quality') return judgement
  const passed = !facts.lacksWords && !lacksDialogue(session) && passedBothEnds(cause, path)
  const rivals = passed ? cause.rivals.filter((id) => !LOST_ON_PATH.has(id)) : cause.rivals
  const isSurer = rivals.length === 0 && group !== 'FTPS' && (passed || bothEndsFound(cause.id, path, all))
  if (!isSurer && rivals.length === cause.rivals.length) return judgement
  const known = { ...cause, rivals, confidence: isSurer ? SURER[cause.confidence] : cause.confidence }
  return {
    ...judgement,
    findings: findings.map((finding) => (finding === cause ? known : finding)),
    verdict: { ...verdict, cause: known, confidence: isSurer ? SURER[confidence] : confidence },
  }
}

/** Causes that consist in packets that did not arrive. */
const LOST_ON_PATH: ReadonlySet<FindingId> = new Set<FindingId>([
  'announcement-swallowed',
  'control-idle-dropped',
  'path-mtu-blackhole',
  'path-outage',
  'packet-loss',
  'capture-one-sided',
])

function bothEndsFound(id: string, path: PathFacts, all: readonly (Judgement | null)[]): boolean {
  return (['client', 'server'] as const).every((end) =>
    path.positions.some((at, slot) => at === end && all[slot]?.verdict.cause?.id === id && !hasMissed(path, slot)),
  )
}

/** Whether the captures at both ends have every packet that a finding rests on, and nothing was lost between them. */
function passedBothEnds({ evidence, channel }: Finding, path: PathFacts): boolean {
  const ends = (['client', 'server'] as const).map((end) => path.positions.indexOf(end))
  if (ends.includes(-1)) return false
  const data = channel?.connection ? path.connectionPath(channel.connection) : null
  if ([path.path.control, ...(data ? [data] : [])].some(hasLost)) return false
  return evidence.every((each) => {
    const journey = path.journey(each)
    return journey !== null && ends.every((end) => journey.seen.some(({ slot }) => slot === end))
  })
}

function hasLost({ path: { fates, observations } }: ConnectionPath): boolean {
  return fates.some(({ kind, at, row }) => kind === 'lost' && sequenceLength(observations[at]!.log, row) > 0)
}
