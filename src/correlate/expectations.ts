import { seededKey } from '../bytes/seeded-key.js'
import type { Ends } from '../tcp/ends.js'
import { bestFitting, type Expectation } from './fit.js'

/** Announcements of one port, or without one, that are compared with a new connection: the latest. */
const MAX_PER_PORT = 64

/** Announcements that wait for their connections, found by port, which NATs usually do not change. */
export class ExpectationTable {
  readonly #byPort = new Map<number, Expectation[]>()
  /** Announcements without a port, by the host that should connect. */
  readonly #byInitiator = new Map<number, Expectation[]>()

  get empty(): boolean {
    return this.#byPort.size === 0 && this.#byInitiator.size === 0
  }

  add(expectation: Expectation): void {
    const { map, key } = this.#placeOf(expectation)
    const list = map.get(key)
    if (!list) map.set(key, [expectation])
    else {
      list.push(expectation)
      if (list.length > MAX_PER_PORT) list.shift()
    }
  }

  remove(expectation: Expectation): void {
    const { map, key } = this.#placeOf(expectation)
    const list = map.get(key)
    const at = list?.indexOf(expectation) ?? -1
    if (!list || at < 0) return
    list.splice(at, 1)
    if (list.length === 0) map.delete(key)
  }

  /** The announcement that a connection most likely answers; `null` when none fits. */
  match(ends: Ends): Expectation | null {
    return (
      this.#bestOf(this.#byPort.get(seededKey(0, ends.responderPort)), ends) ??
      this.#bestOf(this.#byInitiator.get(seededKey(1, ends.initiator)), ends)
    )
  }

  #bestOf(list: readonly Expectation[] | undefined, ends: Ends): Expectation | null {
    return list ? bestFitting(list, ends) : null
  }

  #placeOf({ port, initiator }: Expectation): { map: Map<number, Expectation[]>; key: number } {
    return port === null
      ? { map: this.#byInitiator, key: seededKey(1, initiator) }
      : { map: this.#byPort, key: seededKey(0, port) }
  }
}
