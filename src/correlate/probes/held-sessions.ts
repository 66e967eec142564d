import type { Session } from '../model.js'
import type { Technique } from './probe-sign.js'

/** A session that may turn out to be a probe: it is passed on when nothing has shown that in time. */
export interface HeldSession {
  session: Session
  /** Ids of the address table, held meanwhile; and the server's port as one key. */
  client: number
  server: number
  endpoint: number
  technique: Technique
  /** The connection's row, or -1. */
  row: number
  /** When to pass it on. */
  until: number
  /** The summary for other sessions of the same hosts is to be kept, once this is a session. */
  remember: () => void
}

/** Sessions held at the same time; each has a control connection without a dialogue, about 5 KB. */
const MAX_HELD = 512

/** Sessions that are over and wait for what their clients do next, oldest first. */
export class HeldSessions {
  #held: HeldSession[] = []

  /** Adds one; returns the one that has to go, if there are too many. */
  add(held: HeldSession): HeldSession | null {
    this.#held.push(held)
    return this.#held.length > MAX_HELD ? this.#held.shift()! : null
  }

  /** Takes out those for which `wanted` is true. */
  take(wanted: (held: HeldSession) => boolean): HeldSession[] {
    if (this.#held.length === 0) return []
    const taken: HeldSession[] = []
    const kept: HeldSession[] = []
    for (const held of this.#held) (wanted(held) ? taken : kept).push(held)
    if (taken.length > 0) this.#held = kept
    return taken
  }

  /** How many of a client wait after a visit: to one server's port, and to how many servers' ports. */
  visits(client: number, endpoint: number): { toPort: number; ports: number } {
    const ports = new Set<number>()
    let toPort = 0
    for (const held of this.#held) {
      if (held.client !== client || held.technique !== 'banner') continue
      ports.add(held.endpoint)
      if (held.endpoint === endpoint) toPort++
    }
    return { toPort, ports: ports.size }
  }
}
