import type { Connection } from '../../tcp/connection.js'
import { beginSpan, extendSpan, type OtherTraffic, type Span } from './activity.js'

/** Servers' ports that are listed, and clients that are counted for each. */
const MAX_LISTED = 256
const MAX_CLIENTS = 256

interface Tally extends Span {
  protocol: string
  control: Connection
  clients: Set<string>
}

/** Connections to control ports between clients and servers of other protocols, by server and protocol. */
export class OtherTrafficLog {
  readonly #tallies = new Map<string, Tally>()
  unlisted = 0

  add(protocol: string, control: Connection): void {
    const { address, port } = control.responder
    const key = `${protocol} ${address} ${port}`
    const tally = this.#tallies.get(key)
    if (tally) {
      extendSpan(tally, control.first, control.last)
      if (tally.clients.size < MAX_CLIENTS) tally.clients.add(control.initiator.address)
    } else if (this.#tallies.size >= MAX_LISTED) this.unlisted++
    else {
      const clients = new Set([control.initiator.address])
      this.#tallies.set(key, { protocol, control, clients, ...beginSpan(control.first, control.last) })
    }
  }

  list(): OtherTraffic[] {
    return [...this.#tallies.values()]
      .map(({ protocol, control, clients, connections, first, last }) => ({
        protocol,
        server: { ...control.responder },
        client: clients.size === 1 ? control.initiator.address : null,
        clients: clients.size,
        connections,
        first,
        last,
      }))
      .sort((a, b) => a.first.frame - b.first.frame)
  }
}
