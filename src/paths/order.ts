import { Direction } from '../tcp/connection.js'
import { TcpFlag } from '../wire/packet.js'
import type { Observation } from './digest/observation.js'
import { distance, endSequence, median } from './digest/rows.js'

/** Packets whose hop limit is looked at. */
const SAMPLED = 512

/** What shows how near an observation was to the end that opened the connection. */
interface Nearness {
  observation: Observation
  /** Median hop limits (IPv4 TTL) by the sender; `null` without packets. */
  hopLimits: [number | null, number | null]
  /** Shortest time from a packet of the initiator to the answer; `null` without one. */
  answer: number | null
}

/**
 * Observations of one connection from the initiator's side to the responder's: hop limits go down along the way, and
 * the answer takes longer the further away it is waited for. `tie` decides where neither says anything.
 */
export function inOrderOfPath(
  observations: readonly Observation[],
  tie: (a: Observation, b: Observation) => number,
): Observation[] {
  return observations
    .map(nearnessOf)
    .sort((a, b) => compare(a, b) || tie(a.observation, b.observation))
    .map(({ observation }) => observation)
}

function nearnessOf(observation: Observation): Nearness {
  return {
    observation,
    hopLimits: [hopLimit(observation, Direction.FromInitiator), hopLimit(observation, Direction.FromResponder)],
    answer: shortestAnswer(observation),
  }
}

function compare(a: Nearness, b: Nearness): number {
  const [fromInitiator, toResponder] = a.hopLimits
  let hops = 0
  if (fromInitiator !== null && b.hopLimits[0] !== null) hops += b.hopLimits[0] - fromInitiator
  if (toResponder !== null && b.hopLimits[1] !== null) hops += toResponder - b.hopLimits[1]
  if (hops !== 0) return hops
  return a.answer !== null && b.answer !== null ? b.answer - a.answer : 0
}

/** The hop limit that most packets of a sender have. A RST often is of another sender, a firewall, and is left out. */
export function hopLimit({ log }: Observation, direction: Direction): number | null {
  const values: number[] = []
  const resets: number[] = []
  for (let row = 0; row < log.size && values.length < SAMPLED; row++) {
    if (log.isIcmp(row) || log.direction(row) !== direction) continue
    if (log.flags(row) & TcpFlag.Rst) resets.push(log.hopLimit(row))
    else values.push(log.hopLimit(row))
  }
  return median(values) ?? median(resets)
}

function shortestAnswer({ log }: Observation): number | null {
  let shortest: number | null = null
  let asked = -1
  for (let row = 0; row < Math.min(log.size, SAMPLED); row++) {
    if (log.isIcmp(row)) continue
    if (log.direction(row) === Direction.FromInitiator) {
      // Of repeated packets it is unknown which one is answered.
      const isNew = asked < 0 || distance(endSequence(log, asked), endSequence(log, row)) > 0
      if (log.length(row) > 0 || (log.flags(row) & TcpFlag.Syn) !== 0) asked = isNew ? row : -1
    } else if (asked >= 0 && log.acknowledgment(row) === endSequence(log, asked)) {
      const gap = log.time(row) - log.time(asked)
      if (shortest === null || gap < shortest) shortest = gap
      asked = -1
    }
  }
  return shortest
}
