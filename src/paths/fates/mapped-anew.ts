import { Direction, type Endpoint } from '../../tcp/connection.js'
import type { Observation } from '../digest/observation.js'
import { sequenceLength } from '../digest/rows.js'
import type { Path } from '../model.js'
import { bothWays, type OneWay } from './one-way.js'

/** A packet that a translator sent from another port than those before it. */
export interface MappedAnew {
  observation: Observation
  row: number
  /** The end that it comes from there. */
  port: Endpoint
}

/** A packet of one place among those of connections whose beginning the next place has not. */
export function mappedAnew(
  { up, down, direction, toDown }: OneWay,
  row: number,
  strays: readonly Observation[],
): MappedAnew | null {
  const sequence = toDown(up.log.sequence(row))
  for (const observation of strays) {
    const { place, log, initiator, responder } = observation
    if (place !== down.place) continue
    for (let at = 0; at < log.size; at++) {
      if (log.isIcmp(at) || log.sequence(at) !== sequence || log.hash(at) !== up.log.hash(row)) continue
      if (log.length(at) !== up.log.length(row)) continue
      const port = log.direction(at) === Direction.FromInitiator ? initiator : responder
      if (port.address === down.sender(direction).address) return { observation, row: at, port }
    }
  }
  return null
}

/** Those connections that are what became of a connection behind a translator that gave it another port. */
export function continuationsOf({ fates, hops }: Path, strays: readonly Observation[]): ReadonlySet<Observation> {
  const found = new Set<Observation>()
  if (strays.length === 0) return found
  for (const { kind, at, next, row, missing, direction } of fates) {
    if (kind !== 'lost' || next < 0 || missing > 0) continue
    const alignment = hops[Math.min(at, next)]?.alignment
    if (!alignment) continue
    const way = bothWays(alignment)[direction]
    if (way.up.log.isIcmp(row) || sequenceLength(way.up.log, row) === 0) continue
    const anew = mappedAnew(way, row, strays)
    if (anew) found.add(anew.observation)
  }
  return found
}
