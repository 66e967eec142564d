import type { Direction } from '../../tcp/connection.js'
import type { ConnectionPath } from '../../correlate/session-path.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { PathFacts } from './path-facts.js'

/** A packet of one direction, by its payload. */
export interface Sized {
  bytes: number
  /** Where it left. */
  frame: number
}

/** What passed between two places of capture, by size. */
export interface SizeBound {
  /** The largest packet that arrived, `null` if none did; and the smallest that was lost. */
  arrived: Sized | null
  lost: Sized
  /** Files of the places, from the sender's side on. */
  from: string
  to: string
}

/**
 * Sizes of the packets of a direction that arrived and of those that were lost, between the two places where it lost
 * any; `null` if it lost none.
 */
export function sizesOf(connection: ConnectionPath, direction: Direction, path: PathFacts): SizeBound | null {
  const { fates, observations, hops } = connection.path
  let found: SizeBound | null = null
  let places: [number, number] | null = null
  for (const fate of fates) {
    if (fate.kind !== 'lost' || fate.direction !== direction || fate.next < 0) continue
    const { log } = observations[fate.at]!
    places ??= [fate.at, fate.next]
    if (log.isIcmp(fate.row) || fate.at !== places[0]) continue
    const lost = { bytes: fate.missing || log.length(fate.row), frame: log.frame(fate.row) }
    if (found && found.lost.bytes <= lost.bytes) continue
    const [from, to] = places.map((at) => path.places[connection.slots[at]!]!.file) as [string, string]
    found = { arrived: null, lost, from, to }
  }
  if (!found || !places) return null
  const [at, next] = places
  const alignment = hops[Math.min(at, next)]?.alignment
  const partners = at < next ? alignment?.ofA : alignment?.ofB
  return partners ? { ...found, arrived: largestArrived(observations[at]!, partners, direction) } : null
}

function largestArrived({ log }: Observation, partners: Int32Array, direction: Direction): Sized | null {
  let largest: Sized | null = null
  for (let row = 0; row < log.size; row++) {
    if (partners[row]! < 0 || log.direction(row) !== direction || log.isIcmp(row)) continue
    if (!largest || log.length(row) > largest.bytes) largest = { bytes: log.length(row), frame: log.frame(row) }
  }
  return largest
}
