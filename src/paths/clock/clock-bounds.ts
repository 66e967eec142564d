import { type ClockPoint, convexHull } from './convex-hull.js'

/** Clocks of computers that run further apart are broken; quartz is good to 100 ppm. */
const MOST_DRIFT = 500e-6
const STEPS = 80
/** A drift is stated only if steady clocks explain the packets clearly worse. */
const CLEARLY_WORSE = 0.9
/** Points kept before they are reduced to their hull. */
const MOST_POINTS = 16_384

/** How the clock of one place relates to that of another. Times are nanoseconds of each place's own clock. */
export interface ClockRelation {
  /** Mean of both clocks for which `ahead` is stated: neither of them is the reference. */
  at: number
  /** How far the second clock is ahead of the first. */
  ahead: number
  /** How much `ahead` grows in each nanosecond of that mean: 1e-6 is 1 ppm. */
  drift: number
  /** Half the width of what causality allows: `null` if packets passed in one direction only, or none. */
  uncertainty: number | null
  driftUncertainty: number | null
  /** Packets that it rests on, by direction. */
  forward: number
  backward: number
  /** False if no steady clocks explain the packets: one of them was set during the capture. */
  consistent: boolean
}

/**
 * Offset and drift of two clocks from packets that passed both places: none arrives before it was sent (RFC 5905 rests
 * on the same; drift by convex hulls as of Moon, Skelly and Towsley 1999). Packets from the first place to the second
 * bound the offset from above, those of the other direction from below; of all straight lines between, the one with the
 * most room on both sides is taken.
 */
export class ClockBounds {
  #upper: ClockPoint[] = []
  #lower: ClockPoint[] = []
  #forward = 0
  #backward = 0

  /** A packet from the first place to the second, at the times of their own clocks. */
  forward(first: number, second: number): void {
    this.#forward++
    this.#upper.push({ at: (first + second) / 2, ahead: second - first })
    if (this.#upper.length > MOST_POINTS) this.#upper = convexHull(this.#upper, 1)
  }

  /** A packet from the second place to the first. */
  backward(first: number, second: number): void {
    this.#backward++
    this.#lower.push({ at: (first + second) / 2, ahead: second - first })
    if (this.#lower.length > MOST_POINTS) this.#lower = convexHull(this.#lower, -1)
  }

  /** `null` if no packet passed both places. */
  relation(): ClockRelation | null {
    const upper = convexHull(this.#upper, 1)
    const lower = convexHull(this.#lower, -1)
    const times = [...upper, ...lower].map(({ at }) => at)
    if (times.length === 0) return null
    const at = (Math.min(...times) + Math.max(...times)) / 2
    const counts = { at, forward: this.#forward, backward: this.#backward }
    if (upper.length === 0 || lower.length === 0) {
      // As if nothing took any time: the offset is on one side of this.
      const ahead = upper.length > 0 ? lowest(upper, at, 0) : highest(lower, at, 0)
      return { ...counts, ahead, drift: 0, uncertainty: null, driftUncertainty: null, consistent: true }
    }
    const room = (drift: number): number => (lowest(upper, at, drift) - highest(lower, at, drift)) / 2
    const best = highestOf(room, -MOST_DRIFT, MOST_DRIFT)
    const drift = room(0) >= room(best) * CLEARLY_WORSE && room(0) > 0 ? 0 : best
    const ahead = (lowest(upper, at, drift) + highest(lower, at, drift)) / 2
    if (room(best) < 0) {
      return { ...counts, ahead, drift, uncertainty: -room(best), driftUncertainty: null, consistent: false }
    }
    const [least, most] = [edge(room, best, -MOST_DRIFT), edge(room, best, MOST_DRIFT)]
    const above = (each: number): number => lowest(upper, at, each)
    const below = (each: number): number => -highest(lower, at, each)
    const top = above(highestOf(above, least, most))
    const bottom = -below(highestOf(below, least, most))
    const uncertainty = Math.max(top - ahead, ahead - bottom)
    return { ...counts, ahead, drift, uncertainty, driftUncertainty: (most - least) / 2, consistent: true }
  }
}

/** Time of the second clock at a time of the first one. */
export function secondAt({ at, ahead, drift }: ClockRelation, first: number): number {
  // second = first + ahead + drift * (mean - at), with mean = (first + second) / 2.
  return (first * (1 + drift / 2) + ahead - drift * at) / (1 - drift / 2)
}

/** Time of the first clock at a time of the second one. */
export function firstAt({ at, ahead, drift }: ClockRelation, second: number): number {
  return (second * (1 - drift / 2) - ahead + drift * at) / (1 + drift / 2)
}

/** Highest value at `at` of a line with that slope below all points. */
function lowest(points: readonly ClockPoint[], at: number, slope: number): number {
  let least = Infinity
  for (const point of points) least = Math.min(least, point.ahead - slope * (point.at - at))
  return least
}

function highest(points: readonly ClockPoint[], at: number, slope: number): number {
  let most = -Infinity
  for (const point of points) most = Math.max(most, point.ahead - slope * (point.at - at))
  return most
}

/** Where a concave function is highest (ternary search). */
function highestOf(value: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < STEPS; step++) {
    const [third, other] = [low + (high - low) / 3, high - (high - low) / 3]
    if (value(third) < value(other)) low = third
    else high = other
  }
  return (low + high) / 2
}

/** Where a concave function that is not negative at `inside` becomes so, towards `outside`. */
function edge(value: (x: number) => number, inside: number, outside: number): number {
  if (value(outside) >= 0) return outside
  let [good, bad] = [inside, outside]
  for (let step = 0; step < STEPS; step++) {
    const middle = (good + bad) / 2
    if (value(middle) >= 0) good = middle
    else bad = middle
  }
  return good
}
