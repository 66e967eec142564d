import type { Announcement } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { Ends } from '../tcp/connection-tracker.js'
import type { Match } from './model.js'

/** A data connection that an announcement makes likely. Hosts are ids of the tcp stage's address table. */
export interface Expectation<Owner> {
  owner: Owner
  announcement: Announcement
  /** Announced address; the control peer's for EPSV. */
  address: number
  port: number
  /** Control connection's address of the side that announced, and of the side that should dial. */
  listener: number
  initiator: number
  /** Connections that were matched, in order. */
  connections: { connection: Connection; match: Match }[]
}

/** Of one port number at most so many announcements are compared with a new connection: the latest. */
const MAX_PER_PORT = 64
/** Connections to one announced port that are kept. */
const MAX_CONNECTIONS = 64

/** Announcements that wait for their connections, found by port: the one thing that no address translator leaves out. */
export class ExpectationTable<Owner> {
  readonly #byPort = new Map<number, Expectation<Owner>[]>()

  get empty(): boolean {
    return this.#byPort.size === 0
  }

  add(expectation: Expectation<Owner>): void {
    const list = this.#byPort.get(expectation.port)
    if (!list) this.#byPort.set(expectation.port, [expectation])
    else {
      list.push(expectation)
      if (list.length > MAX_PER_PORT) list.shift()
    }
  }

  remove(expectation: Expectation<Owner>): void {
    const list = this.#byPort.get(expectation.port)
    const at = list?.indexOf(expectation) ?? -1
    if (!list || at < 0) return
    list.splice(at, 1)
    if (list.length === 0) this.#byPort.delete(expectation.port)
  }

  /** The announcement that a connection most likely answers; `null` when none fits. */
  match(ends: Ends): Expectation<Owner> | null {
    const list = this.#byPort.get(ends.responderPort)
    if (!list) return null
    let best: Expectation<Owner> | null = null
    let bestRank = 0
    for (let i = list.length - 1; i >= 0; i--) {
      const rank = fit(list[i]!, ends)
      if (rank > bestRank) {
        best = list[i]!
        bestRank = rank
      }
    }
    return best
  }
}

/** Rank of the first connection from and to the very hosts. */
export const BEST_FIT = 7

/**
 * How well a connection fits an announcement with its port; 0 not at all. The right host at both ends beats one of them, an announcement
 * that has had its connection comes last; among equals the caller takes the latest.
 */
export function fit<Owner>(expectation: Expectation<Owner>, ends: Ends): number {
  if (ends.responderPort !== expectation.port || expectation.connections.length >= MAX_CONNECTIONS) return 0
  const fresh = expectation.connections.length === 0 ? 1 : 0
  const byInitiator = ends.initiator === expectation.initiator
  if (ends.responder === expectation.address) return (byInitiator ? 6 : 2) + fresh
  if (ends.responder === expectation.listener) return (byInitiator ? 4 : 0) + (byInitiator ? fresh : 0)
  // Neither address fits, but the right host dials the right port: a translator stands between, once.
  return byInitiator && fresh ? 1 : 0
}
