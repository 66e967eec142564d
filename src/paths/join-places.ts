import { align } from './align/align.js'
import type { Alignment } from './align/alignment.js'
import { Clocks } from './clock/place-clocks.js'
import type { Observation } from './digest/observation.js'
import { addAbsentPlaces } from './fates/absent-places.js'
import { hopFates } from './fates/hop-fates.js'
import type { Fate, Hop, JoinedPaths, Kin, Path, Place } from './model.js'
import { inOrderOfPath } from './order.js'
import { joinRelayed } from './twins/join-relayed.js'
import { type Chain, joinTwins } from './twins/join-twins.js'

/** A chain in the order of the path, with what its neighbors have in common. */
interface Aligned {
  chain: Chain
  observations: Observation[]
  alignments: Alignment[]
}

/**
 * Joins what several places saw of the same connections, and says what became of each packet between them. Nothing is
 * taken from the clocks of the places: these are compared by the packets that passed. The order of the places makes no
 * difference. Observations that were captured from the middle of a connection may have their ends exchanged.
 */
export function joinPlaces(places: readonly Place[], kin: readonly Kin[]): JoinedPaths & { clocksOf: Clocks } {
  const all = places.flatMap(({ observations }) => observations)
  const aligned = joinTwins(all).flatMap((chain) => alignChain(chain))
  const clocks = new Clocks()
  for (const { alignments } of aligned)
    alignments.forEach((alignment) => {
      clocks.add(alignment)
    })
  clocks.solve()
  const paths = aligned.map((each) => pathOf(each, places, clocks))
  const joined = new Set(paths.flatMap(({ observations }) => observations))
  const relayed = joinRelayed(all.filter((each) => !joined.has(each)))
  for (const path of relayed) for (const each of path.observations) joined.add(each)
  const rest = all.filter((each) => !joined.has(each))
  const extended = addAbsentPlaces([...paths, ...relayed], rest, places, kin, clocks)
  return { ...extended, clocks: clocks.list, clocksOf: clocks }
}

/** Without a single packet in common, what looked alike was not the same; the rest of the chain stays. */
function alignChain(chain: Chain): Aligned[] {
  const observations = inOrderOfPath(chain.observations, byEnds)
  const alignments: Alignment[] = []
  for (let at = 0; at + 1 < observations.length; at++) {
    const alignment = align(observations[at]!, observations[at + 1]!)
    if (alignment.matched === 0) {
      const left = { ...chain, observations: observations.slice(0, at + 1) }
      const right = { ...chain, observations: observations.slice(at + 1) }
      return [left, right].filter((part) => part.observations.length > 1).flatMap(alignChain)
    }
    alignments.push(alignment)
  }
  return [{ chain, observations, alignments }]
}

/** The same whatever the order of the places: by what each saw. */
function byEnds(a: Observation, b: Observation): number {
  const [first, second] = [keyOf(a), keyOf(b)]
  return first < second ? -1 : first > second ? 1 : a.log.size - b.log.size
}

function keyOf({ initiator, responder, log }: Observation): string {
  return `${initiator.address} ${initiator.port} ${responder.address} ${responder.port} ${log.hopLimit(0)}`
}

function pathOf({ chain, observations, alignments }: Aligned, places: readonly Place[], clocks: Clocks): Path {
  const hops: Hop[] = []
  const fates: Fate[] = []
  alignments.forEach((alignment, at) => {
    const { a, b } = alignment
    const found = hopFates(alignment, at, {
      toB: clocks.convert(a.place, b.place),
      toA: clocks.convert(b.place, a.place),
      uncertainty: clocks.uncertainty(a.place, b.place),
      a: places[a.place]!,
      b: places[b.place]!,
    })
    hops.push(found.hop)
    fates.push(...found.fates)
  })
  return { observations, signs: chain.signs, hops, fates, relayedAfter: null, absent: [] }
}
