import type { Direction } from '../../tcp/connection.js'
import type { Alignment } from '../align/alignment.js'
import type { SequenceMap } from '../align/sequence-map.js'
import type { Observation } from '../digest/observation.js'

/** One direction of an alignment, seen from the place that its packets pass first. */
export interface OneWay {
  direction: Direction
  /** Nearer to the sender, and to the receiver. */
  up: Observation
  down: Observation
  partnersOfUp: Int32Array
  partnersOfDown: Int32Array
  dividedUp: Uint8Array
  missingOfUp: ReadonlyMap<number, number>
  /** A sequence number of this direction as the receiver's side shows it, and the other way round. */
  toDown: (sequence: number) => number
  toUp: (sequence: number) => number
  /** An acknowledgment of this direction, as the receiver's side shows it. */
  acknowledgmentToDown: (acknowledgment: number) => number
}

/** Both directions of an alignment, whose `a` is nearer to the initiator. */
export function bothWays(alignment: Alignment): [OneWay, OneWay] {
  const { a, b, ofA, ofB, dividedA, dividedB, missingOfA, missingOfB, maps } = alignment
  const [ofInitiator, ofResponder] = maps
  return [
    {
      ...{ direction: 0, up: a, down: b, partnersOfUp: ofA, partnersOfDown: ofB },
      ...{ dividedUp: dividedA, missingOfUp: missingOfA },
      toDown: forth(ofInitiator),
      toUp: back(ofInitiator),
      acknowledgmentToDown: forth(ofResponder),
    },
    {
      ...{ direction: 1, up: b, down: a, partnersOfUp: ofB, partnersOfDown: ofA },
      ...{ dividedUp: dividedB, missingOfUp: missingOfB },
      toDown: back(ofResponder),
      toUp: forth(ofResponder),
      acknowledgmentToDown: back(ofInitiator),
    },
  ]
}

function forth(map: SequenceMap): (sequence: number) => number {
  return (sequence) => map.there(sequence)
}

function back(map: SequenceMap): (sequence: number) => number {
  return (sequence) => map.here(sequence)
}
