import type { Direction } from '../../tcp/connection.js'
import type { Observation } from '../digest/observation.js'
import { distance } from '../digest/rows.js'
import { SequenceMap } from './sequence-map.js'

/** Packets of a direction that are compared. */
const MOST_COMPARED = 4096

/** The map of a direction whose handshake one place did not see: by what most packets with the same payload say. */
export function shiftByPayload(a: Observation, b: Observation, direction: Direction): SequenceMap {
  const there = firstByHash(b, direction)
  const votes = new Map<number, number>()
  for (const [hash, sequence] of firstByHash(a, direction)) {
    const other = there.get(hash)
    if (other === undefined) continue
    const shift = distance(sequence, other)
    votes.set(shift, (votes.get(shift) ?? 0) + 1)
  }
  const [best] = [...votes].sort((x, y) => y[1] - x[1] || Math.abs(x[0]) - Math.abs(y[0]))
  return new SequenceMap(firstSequence(a, direction), best ? best[0] : 0)
}

/** Sequence number of the first packet with each payload. */
function firstByHash({ log }: Observation, direction: Direction): Map<number, number> {
  const found = new Map<number, number>()
  for (let row = 0; row < log.size && found.size < MOST_COMPARED; row++) {
    if (log.isIcmp(row) || log.direction(row) !== direction || log.length(row) === 0 || log.isSnapped(row)) continue
    const hash = log.hash(row)
    if (!found.has(hash)) found.set(hash, log.sequence(row))
  }
  return found
}

function firstSequence({ log }: Observation, direction: Direction): number {
  for (let row = 0; row < log.size; row++) {
    if (!log.isIcmp(row) && log.direction(row) === direction) return log.sequence(row)
  }
  return 0
}
