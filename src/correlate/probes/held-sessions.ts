import type { Session } from '../model.js'
import type { ProbeSign } from './probe-sign.js'

/** A session that may turn out to be a probe: it is passed on when nothing has shown that in time. */
export interface HeldSession {
  session: Session
  /** Ids of the address table, held meanwhile; and the server's port as one key. */
  client: number
  server: number
  endpoint: number
  sign: ProbeSign
  /** The connection's row, or -1. */
  row: number
  /** When to pass it on. */
  until: number
  /** The summary for other sessions of the same hosts is to be kept, once this is a session. */
  remember: () => void
}

/** Sessions held at the same time; each has a control connection without a dialogue, about 5 KB. */
const MAX_HELD = 1024

/** Sessions that are over and wait for what their clients do next, oldest first. */
export class HeldSessions {
  #held: HeldSession[] = []
  /** How many of each client: most probes come from a scanner of which none is held. */
  readonly #clients = new Map<number, number>()

  /** Adds one; returns the one that has to go, if there are too many. */
  add(held: HeldSession): HeldSession | null {
    this.#held.push(held)
    this.#clients.set(held.client, (this.#clients.get(held.client) ?? 0) + 1)
    if (this.#held.length <= MAX_HELD) return null
    const oldest = this.#held.shift()!
    this.#leave(oldest)
    return oldest
  }

  /** Takes out those of a client for which `wanted` is true. */
  takeOf(client: number, wanted: (held: HeldSession) => boolean): HeldSession[] {
    return this.#clients.has(client) ? this.take((held) => held.client === client && wanted(held)) : []
  }

  /** Takes out those for which `wanted` is true. */
  take(wanted: (held: HeldSession) => boolean): HeldSession[] {
    if (this.#held.length === 0) return []
    const taken: HeldSession[] = []
    const kept: HeldSession[] = []
    for (const held of this.#held) (wanted(held) ? taken : kept).push(held)
    if (taken.length > 0) this.#held = kept
    for (const held of taken) this.#leave(held)
    return taken
  }

  /** One of the client's that waits after the same server's port was tried, in this way. */
  has(client: number, endpoint: number, strength: ProbeSign['strength']): boolean {
    return (
      this.#clients.has(client) &&
      this.#held.some((held) => held.client === client && held.endpoint === endpoint && held.sign.strength === strength)
    )
  }

  /** How many of a client wait after a visit: to one server's port, and to how many servers' ports. */
  visits(client: number, endpoint: number): { toPort: number; ports: number } {
    const ports = new Set<number>()
    let toPort = 0
    if (this.#clients.has(client))
      for (const held of this.#held) {
        if (held.client !== client || held.sign.technique !== 'banner') continue
        ports.add(held.endpoint)
        if (held.endpoint === endpoint) toPort++
      }
    return { toPort, ports: ports.size }
  }

  #leave({ client }: HeldSession): void {
    const others = this.#clients.get(client)! - 1
    if (others > 0) this.#clients.set(client, others)
    else this.#clients.delete(client)
  }
}
