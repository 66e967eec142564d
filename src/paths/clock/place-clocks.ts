import type { Alignment } from '../align/alignment.js'
import type { PlaceClocks } from '../model.js'
import { aheadAt, ClockBounds, type ClockRelation } from './clock-bounds.js'

/** Clocks of all pairs of places that are neighbors on some path, from every packet that passed both. */
export class Clocks {
  readonly #bounds = new Map<string, { first: number; second: number; bounds: ClockBounds }>()
  readonly #relations = new Map<string, PlaceClocks>()

  /** Takes the packets of an alignment, whose `a` is nearer to the initiator. */
  add(alignment: Alignment): void {
    const { a, b, ofA, dividedA } = alignment
    if (a.place === b.place) return
    const isForward = a.place < b.place
    const [first, second] = isForward ? [a.place, b.place] : [b.place, a.place]
    const key = `${first} ${second}`
    const known = this.#bounds.get(key) ?? { first, second, bounds: new ClockBounds() }
    this.#bounds.set(key, known)
    for (let row = 0; row < ofA.length; row++) {
      const there = ofA[row]!
      // A merged segment has the time of its last piece, or of its first.
      if (there < 0 || dividedA[row] === 1) continue
      const [here, elsewhere] = [a.log.time(row), b.log.time(there)]
      const [atFirst, atSecond] = isForward ? [here, elsewhere] : [elsewhere, here]
      const isFromFirst = (a.log.direction(row) === 0) === isForward
      if (isFromFirst) known.bounds.forward(atFirst, atSecond)
      else known.bounds.backward(atFirst, atSecond)
    }
  }

  /** All packets were added. */
  solve(): void {
    for (const [key, { first, second, bounds }] of this.#bounds) {
      const relation = bounds.relation()
      if (relation) this.#relations.set(key, { first, second, relation })
    }
  }

  get list(): PlaceClocks[] {
    return [...this.#relations.values()]
  }

  /** Converts times of one place's clock to another's; `null` if no packets show how. */
  convert(from: number, to: number): ((time: number) => number) | null {
    if (from === to) return (time) => time
    const forward = this.#relations.get(`${from} ${to}`)
    if (forward) return (time) => time + aheadAt(forward.relation, time)
    const backward = this.#relations.get(`${to} ${from}`)
    if (!backward) return null
    return (time) => before(backward.relation, time)
  }

  uncertainty(a: number, b: number): number | null {
    if (a === b) return 0
    const known = this.#relations.get(`${Math.min(a, b)} ${Math.max(a, b)}`)
    return known ? known.relation.uncertainty : null
  }
}

/** Time of the first clock at a time of the second. */
function before(relation: ClockRelation, time: number): number {
  // ahead(first) = ahead + drift * (first - at), and second = first + ahead(first).
  return (time - relation.ahead + relation.drift * relation.at) / (1 + relation.drift)
}
