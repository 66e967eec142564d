import type { Observation } from '../../paths/digest/observation.js'
import type { Path } from '../../paths/model.js'

/** Places of a path in the order of a report: from the client's side to the server's, with those that saw nothing. */
export class PathView {
  readonly path: Path
  /** The initiator is the server. */
  readonly isTurned: boolean
  /** Index of an observation, or -1 and the place that saw nothing. */
  readonly slots: { at: number; place: number }[]

  constructor(path: Path, isTurned: boolean) {
    this.path = path
    this.isTurned = isTurned
    const seen = path.observations.map(({ place }, at) => ({ at, place }))
    const beyond = (end: 'initiator' | 'responder'): { at: number; place: number }[] =>
      path.absent.filter((absent) => absent.beyond === end).map(({ place }) => ({ at: -1, place }))
    this.slots = [...beyond('initiator'), ...seen, ...beyond('responder')]
    if (isTurned) this.slots.reverse()
  }

  /** Where an observation is in the report; `place` tells those apart that saw nothing. */
  slotOf(at: number, place: number): number {
    return this.slots.findIndex((slot) => slot.at === at && (at >= 0 || slot.place === place))
  }

  /** The FTP client, or server, of an observation. */
  end(observation: Observation, side: 'client' | 'server'): Observation['initiator'] {
    return (side === 'client') !== this.isTurned ? observation.initiator : observation.responder
  }

  sender(direction: number): 'client' | 'server' {
    return (direction === 0) !== this.isTurned ? 'client' : 'server'
  }
}
