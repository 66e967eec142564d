import type { Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { SameSession } from './model.js'

/** Control connections that are remembered: the other side of a middlebox is seen within milliseconds. */
const MAX_REMEMBERED = 1024

/**
 * The same control connection seen a second time under another address: a capture on both sides of a NAT. NATs do not
 * change the initial sequence numbers of either end.
 */
export class SameSessions {
  readonly #known = new Map<string, SameSession>()

  /** The same control connection elsewhere, if that was judged before; remembers this one otherwise. */
  find(control: Connection, dialogue: Pick<Dialogue, 'announcements'>): SameSession | null {
    const [client, server] = control.flows
    if (control.midstream || client.packets === 0 || server.packets === 0) return null
    const key = `${client.initialSequence} ${server.initialSequence}`
    const other = this.#known.get(key)
    if (other && isOther(other, control)) return other
    this.#known.set(key, describe(control, dialogue))
    if (this.#known.size > MAX_REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    return null
  }
}

/** Another address on one side at least; the same one again is a copy of the packets, or a connection of its own. */
function isOther(other: SameSession, control: Connection): boolean {
  return other.client.address !== control.initiator.address || other.server.address !== control.responder.address
}

function describe(control: Connection, dialogue: Pick<Dialogue, 'announcements'>): SameSession {
  return {
    firstFrame: control.first.frame,
    client: { ...control.initiator },
    server: { ...control.responder },
    announcements: dialogue.announcements.map(({ frame, time, verb, address, port }) => ({
      frame,
      time,
      verb,
      address,
      port,
    })),
  }
}
