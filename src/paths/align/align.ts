import { Direction } from '../../tcp/connection.js'
import type { Observation } from '../digest/observation.js'
import { distance } from '../digest/rows.js'
import { Alignment } from './alignment.js'
import { alignDivided } from './divided.js'
import { alignIcmp } from './icmp.js'
import { pairByKeys } from './pair-by-keys.js'
import { alignRewritten } from './rewritten.js'
import { separateForged } from './separate-forged.js'
import { SequenceMap } from './sequence-map.js'
import { shiftByPayload } from './shift.js'

/** Finds out which packets of one connection at two places are the same. */
export function align(a: Observation, b: Observation): Alignment {
  const maps = [mapOf(a, b, Direction.FromInitiator), mapOf(a, b, Direction.FromResponder)] as const
  const alignment = new Alignment(a, b, maps)
  pairByKeys(alignment)
  // A division is looked for first: where bytes were only cut elsewhere, nothing was rewritten.
  alignDivided(alignment)
  if (alignRewritten(alignment)) alignDivided(alignment)
  alignIcmp(alignment)
  separateForged(alignment)
  return alignment
}

function mapOf(a: Observation, b: Observation, direction: Direction): SequenceMap {
  const [isn, there] = [a.initialSequences[direction], b.initialSequences[direction]]
  if (isn !== null && there !== null) return new SequenceMap(isn, distance(isn, there))
  return shiftByPayload(a, b, direction)
}
