import type { Direction } from '../../tcp/connection.js'
import type { Observation } from '../digest/observation.js'
import { distance } from '../digest/rows.js'
import { SequenceMap } from './sequence-map.js'

/** Packets of a direction that are compared. */
const MOST_COMPARED = 4096

/** The map of a direction whose handshake one place did not see: by what packets with the same payload say. */
export function shiftByPayload(a: Observation, b: Observation, direction: Direction): SequenceMap {
  // The same text comes again and again; identification and timestamp tell which one it is.
  const sure = votesFor(a, b, direction, true)
  // The first of several: later ones come from announcements whose length was changed on the way.
  const [first] = sure
  const [best] = [...votesFor(a, b, direction, false)].sort((x, y) => y[1] - x[1] || Math.abs(x[0]) - Math.abs(y[0]))
  return new SequenceMap(firstSequence(a, direction), (first ?? best)?.[0] ?? 0)
}

/** Shifts that packets with the same payload have, in the order of their first ones. */
function votesFor(a: Observation, b: Observation, direction: Direction, isStrict: boolean): Map<number, number> {
  const there = firstByPayload(b, direction, isStrict)
  const votes = new Map<number, number>()
  for (const [key, sequence] of firstByPayload(a, direction, isStrict)) {
    const other = there.get(key)
    if (other === undefined) continue
    const shift = distance(sequence, other)
    votes.set(shift, (votes.get(shift) ?? 0) + 1)
  }
  return votes
}

/** Sequence number of the first packet with each payload. */
function firstByPayload({ log }: Observation, direction: Direction, isStrict: boolean): Map<number, number> {
  const found = new Map<number, number>()
  for (let row = 0; row < log.size && found.size < MOST_COMPARED; row++) {
    if (log.isIcmp(row) || log.direction(row) !== direction || log.length(row) === 0 || log.isSnapped(row)) continue
    if (isStrict && log.timestamp(row) === 0 && log.identification(row) === 0) continue
    const own = isStrict ? Math.imul(log.timestamp(row) ^ (log.identification(row) << 16), 0x9e3779b1) : 0
    const key = log.hash(row) ^ own
    if (!found.has(key)) found.set(key, log.sequence(row))
  }
  return found
}

function firstSequence({ log }: Observation, direction: Direction): number {
  for (let row = 0; row < log.size; row++) {
    if (!log.isIcmp(row) && log.direction(row) === direction) return log.sequence(row)
  }
  return 0
}
