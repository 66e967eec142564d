import { seededKey } from '../bytes/seeded-key.js'
import type { Ends } from '../tcp/ends.js'
import { bestFitting, type Expectation } from './fit.js'

/** Announcements of one port that are compared with a new connection: the latest. */
const MAX_PER_PORT = 64

function keyOf(port: number): number {
  return seededKey(0, port)
}

/** Announcements that wait for their connections, found by port, which NATs usually do not change. */
export class ExpectationTable {
  readonly #byPort = new Map<number, Expectation[]>()

  get empty(): boolean {
    return this.#byPort.size === 0
  }

  add(expectation: Expectation): void {
    const list = this.#byPort.get(keyOf(expectation.port))
    if (!list) this.#byPort.set(keyOf(expectation.port), [expectation])
    else {
      list.push(expectation)
      if (list.length > MAX_PER_PORT) list.shift()
    }
  }

  remove(expectation: Expectation): void {
    const list = this.#byPort.get(keyOf(expectation.port))
    const at = list?.indexOf(expectation) ?? -1
    if (!list || at < 0) return
    list.splice(at, 1)
    if (list.length === 0) this.#byPort.delete(keyOf(expectation.port))
  }

  /** The announcement that a connection most likely answers; `null` when none fits. */
  match(ends: Ends): Expectation | null {
    const list = this.#byPort.get(keyOf(ends.responderPort))
    return list ? bestFitting(list, ends) : null
  }
}
