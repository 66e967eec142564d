import { type Observation } from '../digest/observation.js'
import { type Traits, tupleOf } from './traits.js'

/**
 * What several connections of one place have in common, as the SYNs of a scanner: initial sequence numbers, source
 * ports, IP identifications, timestamps. Such a value says little about which of them another place saw.
 */
export class Commonness {
  readonly #tuples = new Map<string, Set<string>>()

  add(traits: Traits): void {
    const { observation } = traits
    const tuple = tupleOf(observation)
    for (const key of keysOf(traits)) {
      const known = this.#tuples.get(key)
      if (!known) this.#tuples.set(key, new Set([tuple]))
      // More than two say no more than two.
      else if (known.size < 3) known.add(tuple)
    }
  }

  /** Connections with other ends that have the same value of a kind. */
  of(kind: ValueKind, value: number, observation: Observation): number {
    const known = this.#tuples.get(`${kind} ${value}`)
    if (!known) return 0
    return known.size - (known.has(tupleOf(observation)) ? 1 : 0)
  }
}

export type ValueKind = 'initiator-isn' | 'responder-isn' | 'port' | 'syn-id' | 'syn-timestamp'

function* keysOf({ observation, syns }: Traits): Iterable<string> {
  const { log, initialSequences, initiator } = observation
  const [ofInitiator, ofResponder] = initialSequences
  if (ofInitiator !== null) yield `initiator-isn ${ofInitiator}`
  if (ofResponder !== null) yield `responder-isn ${ofResponder}`
  yield `port ${initiator.port}`
  if (syns[0] < 0) return
  yield `syn-id ${log.identification(syns[0])}`
  yield `syn-timestamp ${log.timestamp(syns[0])}`
}
