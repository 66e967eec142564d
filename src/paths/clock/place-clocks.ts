import type { Alignment } from '../align/alignment.js'
import type { PlaceClocks } from '../model.js'
import { ClockBounds, firstAt, secondAt } from './clock-bounds.js'

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
    const key = keyOf(first, second)
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

  /** Converts times of one place's clock to another's, by way of others if need be; `null` if no packets show how. */
  convert(from: number, to: number): ((time: number) => number) | null {
    const route = this.#route(from, to)
    if (!route) return null
    const steps = route.slice(1).map((place, at) => this.#step(route[at]!, place))
    return (time) => steps.reduce((converted, step) => step(converted), time)
  }

  /** Of a converted time, as a half-width; `null` where it is not bounded. */
  uncertainty(from: number, to: number): number | null {
    const route = this.#route(from, to)
    if (!route) return null
    let sum = 0
    for (const [at, place] of route.slice(1).entries()) {
      const known = this.#relations.get(keyOf(route[at]!, place))!
      if (known.relation.uncertainty === null) return null
      sum += known.relation.uncertainty
    }
    return sum
  }

  #step(from: number, to: number): (time: number) => number {
    const { first, relation } = this.#relations.get(keyOf(from, to))!
    return first === from ? (time) => secondAt(relation, time) : (time) => firstAt(relation, time)
  }

  /** The fewest places by which packets lead from one to the other. */
  #route(from: number, to: number): number[] | null {
    const routes: number[][] = [[from]]
    const met = new Set([from])
    for (const route of routes) {
      const last = route.at(-1)!
      if (last === to) return route
      for (const { first, second } of this.#relations.values()) {
        const next = first === last ? second : second === last ? first : last
        if (met.has(next)) continue
        met.add(next)
        routes.push([...route, next])
      }
    }
    return null
  }
}

function keyOf(a: number, b: number): string {
  return `${Math.min(a, b)} ${Math.max(a, b)}`
}
