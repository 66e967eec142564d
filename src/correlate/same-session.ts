import type { Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { SameSession } from './model.js'

/** Control connections that are remembered: the other side of a middlebox is seen within milliseconds. */
const MAX_REMEMBERED = 1024

/** Both sides of a middlebox see a connection within this time, whatever it delays. */
const AT_ONCE_NS = 10e9

/**
 * What both sides of a NAT show of the same connection: the initial sequence numbers of both ends, since a NAT changes
 * addresses and ports only (RFC 3022 §4.1). `null` where they prove nothing: scanners use the same number for all their
 * SYNs, a RST has none of its own, and made captures begin at 0.
 */
export function handshakeKey({ midstream, synAckAttempts, established, flows }: Connection): string | null {
  const [client, server] = flows
  if (midstream || synAckAttempts === 0 || (established === null && server.end === 0)) return null
  if (isTrivial(client.initialSequence) && isTrivial(server.initialSequence)) return null
  return `${client.initialSequence} ${server.initialSequence}`
}

function isTrivial(sequence: number): boolean {
  return (sequence + 1) >>> 0 <= 2
}

/** The same control connection seen a second time under another address: a capture on both sides of a NAT. */
export class SameSessions {
  readonly #known = new Map<string, SameSession & { time: number }>()

  /** The same control connection elsewhere, if that was judged before; remembers this one otherwise. */
  find(control: Connection, dialogue: Pick<Dialogue, 'announcements'>): SameSession | null {
    const key = handshakeKey(control)
    if (key === null) return null
    const { time } = control.first
    const other = this.#known.get(key)
    if (other && isOther(other, control) && Math.abs(other.time - time) <= AT_ONCE_NS) return other
    this.#known.set(key, { ...describe(control, dialogue), time })
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
