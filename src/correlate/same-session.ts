import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Dialogue } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { SameSession } from './model.js'

/** Control connections that are remembered: the other side of a middlebox is seen within milliseconds. */
export const MAX_REMEMBERED = 1024
/** Bytes of all of them, with their announcements. */
export const MOST_REMEMBERED_BYTES = 8 << 20
const SESSION_BYTES = 400
const ANNOUNCEMENT_BYTES = 80

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

interface Remembered extends SameSession {
  /** Of its first packet. */
  time: number
}

/** The same control connection seen a second time under another address: a capture on both sides of a NAT. */
export class SameSessions {
  readonly #known = new Map<string, Remembered>()
  #bytes = 0
  readonly #anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.#anomalies = anomalies
  }

  /** The same control connection elsewhere, if that was judged before; remembers this one otherwise. */
  find(control: Connection, dialogue: Pick<Dialogue, 'announcements'>): SameSession | null {
    const key = handshakeKey(control)
    if (key === null) return null
    const { time } = control.first
    const other = this.#known.get(key)
    if (other && isOther(other, control) && Math.abs(other.time - time) <= AT_ONCE_NS) return other
    if (other) this.#forget(key, other)
    const described = { ...describe(control, dialogue), time }
    this.#known.set(key, described)
    this.#bytes += sizeOf(described)
    if (this.#known.size > MAX_REMEMBERED) this.#forgetOldest()
    while (this.#bytes > MOST_REMEMBERED_BYTES) {
      this.#anomalies.record(
        'remembered-announcements-full',
        control.last.frame,
        () =>
          `ftp: more than ${MOST_REMEMBERED_BYTES} bytes of announcements of sessions that are over: ` +
          'the other side of a NAT may not be recognized',
      )
      this.#forgetOldest()
    }
    return null
  }

  #forgetOldest(): void {
    const [key, oldest] = this.#known.entries().next().value!
    this.#forget(key, oldest)
  }

  #forget(key: string, session: Remembered): void {
    this.#known.delete(key)
    this.#bytes -= sizeOf(session)
  }
}

/** Another address on one side at least; the same one again is a copy of the packets, or a connection of its own. */
function isOther(other: SameSession, control: Connection): boolean {
  return other.client.address !== control.initiator.address || other.server.address !== control.responder.address
}

function sizeOf({ announcements }: SameSession): number {
  return SESSION_BYTES + ANNOUNCEMENT_BYTES * announcements.length
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
