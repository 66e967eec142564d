import type { Epoch } from '../../capture/time.js'
import { groupOf } from '../catalogue.js'
import type { PlaceAt, SessionPath } from '../../correlate/session-path.js'
import type { Confidence } from '../confidence.js'
import { type Judgement, judge } from '../judge.js'
import { lacksDialogue } from '../facts/holes.js'
import { OUTCOMES } from '../outcome.js'
import type { Finding } from '../rule.js'
import { confirmed } from './agreement.js'
import { withoutMeant } from './meant.js'
import { withOthers } from './other-findings.js'
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
  const each = path.places.map(({ session }) => (session ? judge(session, epoch, path) : null))
  const all = each.map((judgement) => judgement && withoutMeant(judgement, each))
  const ranked = all
    .filter((judgement) => judgement !== null)
    .map((judgement) => ({ judgement, rank: rankOf(judgement) }))
    .sort((a, b) => compare(b.rank, a.rank))
  const best = ranked[0]!.judgement
  const chosen = confirmed(withOthers(best, all), all)
  return { chosen, all: all.map((judgement) => (judgement === best ? chosen : judgement)) }
}

const CONFIDENCES: readonly Confidence[] = ['low', 'medium', 'high']

/** The better proved, the higher: compared number by number. */
function rankOf({ session, facts, verdict: { outcome, cause, confidence } }: Judgement): number[] {
  const path = facts.path!
  const misses = hasMissed(path, path.slot) || facts.lacksWords || lacksDialogue(session)
  return [
    outcome === 'undetermined' ? 0 : 1,
    // What came before a capture began may be the cause.
    session.control.midstream ? 0 : 1,
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
  // That nothing answered is known by absence; what was lost, changed or forged shows.
  if (cause.where) return (cause.where.proved ? 4 : 2) - (cause.where.kind === 'arrived' ? 1 : 0)
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
