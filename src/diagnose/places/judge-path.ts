import type { Epoch } from '../../capture/time.js'
import { groupOf } from '../catalogue.js'
import type { PlaceAt, SessionPath } from '../../correlate/session-path.js'
import type { Confidence } from '../confidence.js'
import { type Judgement, judge } from '../judge.js'
import { OUTCOMES } from '../outcome.js'
import type { Finding } from '../rule.js'
import { hasMissed } from './whereabouts.js'

/** What all places of a path show of its session. */
export interface PathJudgement {
  /** The judgement that the verdict is taken from. */
  chosen: Judgement
  /** By place; `null` for a place without a session. */
  all: readonly (Judgement | null)[]
}

/** Judges a session by what all places saw: of the judgements of the places, the one that is proved best. */
export function judgePath(path: SessionPath, epoch: Epoch | null): PathJudgement {
  const all = path.places.map(({ session }) => (session ? judge(session, epoch, path) : null))
  const ranked = all
    .filter((judgement) => judgement !== null)
    .map((judgement) => ({ judgement, rank: rankOf(judgement) }))
    .sort((a, b) => compare(b.rank, a.rank))
  return { chosen: ranked[0]!.judgement, all }
}

const CONFIDENCES: readonly Confidence[] = ['low', 'medium', 'high']

/** The better proved, the higher: compared number by number. */
function rankOf({ facts, verdict: { outcome, cause, confidence } }: Judgement): number[] {
  const path = facts.path!
  const misses = hasMissed(path, path.slot)
  return [
    outcome === 'undetermined' ? 0 : 1,
    proofOf(cause, misses),
    -OUTCOMES.indexOf(outcome),
    cause && path.positions[path.slot] === sideOf(cause) ? 1 : 0,
    misses ? 0 : 1,
    CONFIDENCES.indexOf(confidence),
    -path.slot,
  ]
}

/** What a cause rests on: a fate that is proved, packets that were seen, or what its own capture may have missed. */
function proofOf(cause: Finding | null, misses: boolean): number {
  if (!cause) return 1
  if (groupOf(cause.id) === 'Capture quality') return 0
  if (cause.where) return cause.where.proved ? 3 : 2
  return misses ? 0 : 1
}

/** The end of the path that a finding concerns: what a host does not send is seen best beside it. */
function sideOf({ side }: Finding): PlaceAt | null {
  return side === 'client' || side === 'server' ? side : null
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : a[at]! - b[at]!
}
