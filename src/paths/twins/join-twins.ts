import type { Observation } from '../digest/observation.js'
import { candidatePairs } from './candidates.js'
import { Commonness } from './commonness.js'
import { bitsOf, isEnough, isReversed, type Sign, signsOf } from './signs.js'
import { type Traits, traitsOf, tupleOf } from './traits.js'

/** Observations of one connection at different places, in no order yet, and what shows that it is one. */
export interface Chain {
  observations: Observation[]
  /** Of the surest of the joints that hold it together, each kind once. */
  signs: Sign[]
}

interface Joint {
  a: number
  b: number
  bits: number
  signs: Sign[]
}

/**
 * Finds the observations that are of the same connection, whatever their clocks show: each has at most one twin at each
 * other place, and none without several independent signs. Connections captured from their middle may have their ends
 * exchanged by this.
 */
export function joinTwins(observations: readonly Observation[]): Chain[] {
  const all = observations.map(traitsOf)
  const commonness = new Map<number, Commonness>()
  for (const traits of all) {
    const { place } = traits.observation
    const common = commonness.get(place) ?? new Commonness()
    commonness.set(place, common)
    common.add(traits)
  }
  const joints: Joint[] = []
  for (const [a, b] of candidatePairs(all)) {
    const [first, second] = [all[a]!, all[b]!]
    if (!mayBeTwins(first.observation, second.observation)) continue
    if (isReversed(first, second)) turn(all, a, b)
    const common = [commonness.get(first.observation.place)!, commonness.get(second.observation.place)!] as const
    const signs = signsOf(all[a]!, all[b]!, common)
    if (isEnough(signs)) joints.push({ a, b, bits: bitsOf(signs), signs })
  }
  return chainsOf(all, joints)
}

/** Of one place, only the two sides of a translator, which changed addresses or ports. */
function mayBeTwins(a: Observation, b: Observation): boolean {
  if (a.place !== b.place) return true
  const [isn, isnThere] = [a.initialSequences[0], b.initialSequences[0]]
  return tupleOf(a) !== tupleOf(b) && isn !== null && isn === isnThere
}

/** Whichever was captured from its middle takes over the other's roles. */
function turn(all: Traits[], a: number, b: number): void {
  const wrong = all[a]!.observation.opened ? b : a
  const { observation } = all[wrong]!
  if (observation.opened) return
  observation.flip()
  all[wrong] = traitsOf(observation)
}

function chainsOf(all: readonly Traits[], joints: Joint[]): Chain[] {
  const chainOf = new Map<number, number[]>()
  const signsBy = new Map<number[], Sign[]>()
  // The surest first; among equals, those that are closest in the order of capture.
  const rank = ranks(all)
  const gap = ({ a, b }: Joint): number => Math.abs(rank[a]! - rank[b]!)
  joints.sort((x, y) => y.bits - x.bits || gap(x) - gap(y) || x.a - y.a || x.b - y.b)
  for (const { a, b, signs } of joints) {
    const [left, right] = [chainOf.get(a) ?? [a], chainOf.get(b) ?? [b]]
    if (left === right || !fit(all, left, right)) continue
    const joined = [...left, ...right]
    for (const member of joined) chainOf.set(member, joined)
    signsBy.set(joined, strongest([...(signsBy.get(left) ?? []), ...(signsBy.get(right) ?? []), ...signs]))
  }
  return [...new Set(chainOf.values())].map((members) => ({
    observations: members.map((index) => all[index]!.observation),
    signs: signsBy.get(members) ?? [],
  }))
}

/** At each place a connection is seen once, or twice where it is translated at that very place. */
function fit(all: readonly Traits[], left: readonly number[], right: readonly number[]): boolean {
  return left.every((a) => right.every((b) => mayBeTwins(all[a]!.observation, all[b]!.observation)))
}

/** Place of each observation in the order of its own place of capture. */
function ranks(all: readonly Traits[]): number[] {
  const counts = new Map<number, number>()
  return all.map(({ observation: { place } }) => {
    const rank = counts.get(place) ?? 0
    counts.set(place, rank + 1)
    return rank
  })
}

function strongest(signs: readonly Sign[]): Sign[] {
  const best = new Map<string, Sign>()
  for (const sign of signs) {
    const known = best.get(sign.kind)
    if (!known || sign.bits > known.bits) best.set(sign.kind, sign)
  }
  return [...best.values()].filter(({ bits }) => bits > 0).sort((a, b) => b.bits - a.bits)
}
