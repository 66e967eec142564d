import { Direction, opposite } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Clocks } from '../clock/place-clocks.js'
import type { Observation } from '../digest/observation.js'
import type { Path } from '../model.js'

/** Beyond the clocks' uncertainty: what began that close to a connection may be the same one. */
const LIKELY_SAME_NS = 1e9

/**
 * Which place connections to a service pass next: by those between the same addresses, to the same port, that several
 * places saw. Of services that lead to several places, and where one of its connections demonstrably took another way,
 * nothing is known.
 */
export class ServiceWays {
  readonly #paths: Map<string, { path: Path; at: number }[]>
  readonly #alone: readonly Observation[]
  readonly #clocks: Clocks

  constructor(paths: readonly Path[], alone: readonly Observation[], clocks: Clocks) {
    this.#alone = alone
    this.#clocks = clocks
    this.#paths = new Map()
    for (const path of paths) {
      if (path.relayedAfter !== null) continue
      path.observations.forEach((observation, at) => {
        const key = keyOf(observation)
        const known = this.#paths.get(key)
        if (known) known.push({ path, at })
        else this.#paths.set(key, [{ path, at }])
      })
    }
  }

  /**
   * The place that the packets of a connection, which the responder's side never answered, should have come to next;
   * `null` where that is unknown, its clock cannot be compared, or it has a connection that may be the same one.
   */
  next(observation: Observation): number | null {
    if (!observation.opened || wasAnswered(observation, Direction.FromInitiator)) return null
    const key = keyOf(observation)
    const found: Observation[] = []
    for (const { path, at } of this.#paths.get(key) ?? []) {
      const own = path.observations[at]!
      if (own === observation) continue
      const next = path.observations.slice(at + 1).find(({ place }) => place !== observation.place)
      if (next) found.push(next)
      else if (wasAnswered(own, Direction.FromInitiator)) return null
    }
    const [first] = found
    if (!first || found.some(({ place }) => place !== first.place)) return null
    if (!this.#clocks.convert(observation.place, first.place)) return null
    const tookAnotherWay = this.#alone.some(
      (each) => each !== observation && keyOf(each) === key && wasAnswered(each, Direction.FromInitiator),
    )
    return tookAnotherWay || this.#mayBeThere(observation, found) ? null : first.place
  }

  /** Whether a place has a connection without a twin that began as this one did. */
  #mayBeThere(observation: Observation, others: readonly Observation[]): boolean {
    const { place } = others[0]!
    const convert = this.#clocks.convert(observation.place, place)!
    const margin = LIKELY_SAME_NS + (this.#clocks.uncertainty(observation.place, place) ?? 0)
    const { log } = observation
    const [start, end] = [convert(log.time(0)) - margin, convert(log.time(log.size - 1)) + margin]
    return this.#alone.some(
      (each) =>
        each.place === place &&
        each.log.size > 0 &&
        each.log.time(0) <= end &&
        each.log.time(each.log.size - 1) >= start &&
        others.some((other) => isOfSameClient(other, each, observation)),
    )
  }
}

/** A translator may give each connection of a client another address: then only the service tells. */
function isOfSameClient(known: Observation, other: Observation, before: Observation): boolean {
  const { address, port } = known.responder
  if (other.responder.address !== address || other.responder.port !== port) return false
  return known.initiator.address !== before.initiator.address || other.initiator.address === known.initiator.address
}

function keyOf({ place, initiator, responder }: Observation): string {
  return `${place} ${initiator.address} ${responder.address} ${responder.port}`
}

/**
 * Whether the end beyond demonstrably took part: it opened the connection or accepted it, which a firewall does not.
 * `sent` is the direction towards that end.
 */
export function wasAnswered({ log }: Observation, sent: Direction): boolean {
  const back = opposite(sent)
  for (let row = 0; row < log.size; row++) {
    if (log.isIcmp(row) || log.direction(row) !== back || (log.flags(row) & TcpFlag.Rst) !== 0) continue
    if (log.length(row) > 0 || (log.flags(row) & TcpFlag.Syn) !== 0) return true
  }
  return false
}
