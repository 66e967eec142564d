import type { Path } from '../../paths/model.js'

/** When the last packet passed between each two places of an input, in either direction and on any connection. */
export class LastPassed {
  readonly #paths: readonly Path[]
  /** By place, and by the other one; made when it is first asked for. */
  #times: Map<number, Map<number, number>> | undefined

  /** `paths`: all connections that several places saw. */
  constructor(paths: readonly Path[]) {
    this.#paths = paths
  }

  /** By the clock of `place`; before all times if nothing passed. */
  between(place: number, other: number): number {
    this.#times ??= timesOf(this.#paths)
    return this.#times.get(place)?.get(other) ?? -Infinity
  }
}

function timesOf(paths: readonly Path[]): Map<number, Map<number, number>> {
  const times = new Map<number, Map<number, number>>()
  const note = (place: number, other: number, time: number): void => {
    const ofPlace = times.get(place) ?? new Map<number, number>()
    times.set(place, ofPlace)
    ofPlace.set(other, Math.max(time, ofPlace.get(other) ?? -Infinity))
  }
  for (const { hops } of paths) {
    for (const { alignment } of hops) {
      if (!alignment) continue
      const { a, b, ofA } = alignment
      for (let row = 0; row < ofA.length; row++) {
        const partner = ofA[row]!
        if (partner < 0) continue
        note(a.place, b.place, a.log.time(row))
        note(b.place, a.place, b.log.time(partner))
      }
    }
  }
  return times
}
