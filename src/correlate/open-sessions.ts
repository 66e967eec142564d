import type { AddressTable } from '../tcp/address-table.js'
import type { Connection } from '../tcp/connection.js'
import { type Ends, responderKey } from '../tcp/ends.js'
import type { OpenSession } from './open-session.js'

/** Approximate memory of a session, its control connection and its readers, without dialogue. */
export const SESSION_BYTES = 8192

/** The sessions that are being read, in the order of opening, and what they hold. */
export class OpenSessions {
  readonly #addresses: AddressTable
  readonly #byControl = new Map<Connection, OpenSession>()
  /** Servers' ports with the number of their open sessions. */
  readonly #servers = new Map<number, number>()
  /** Those without payload, in the same order: of a scan or a flood nearly all. */
  readonly #silent = new Set<OpenSession>()
  #kept = 0

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  get size(): number {
    return this.#byControl.size
  }

  /** Bytes of all of them with their dialogues, without data connections. */
  get kept(): number {
    return this.#kept + SESSION_BYTES * this.#byControl.size
  }

  get oldest(): OpenSession {
    return this.#byControl.values().next().value!
  }

  /** The session that is over first for want of room: the oldest without payload, while most have none. */
  get leastLoss(): OpenSession {
    const [silent] = this.#silent
    return silent && this.#silent.size * 2 > this.size ? silent : this.oldest
  }

  /** The session of a control connection. */
  of(control: Connection): OpenSession | undefined {
    return this.#byControl.get(control)
  }

  /** Whether a session is open with the responder: further connections to its port are control connections, too. */
  hasServer(ends: Ends): boolean {
    return this.#servers.size > 0 && this.#servers.has(responderKey(ends))
  }

  add(session: OpenSession): void {
    this.#byControl.set(session.control, session)
    this.#silent.add(session)
    this.#servers.set(session.endpoint, (this.#servers.get(session.endpoint) ?? 0) + 1)
    this.#addresses.hold(session.clientId)
    this.#addresses.hold(session.serverId)
  }

  remove(session: OpenSession): void {
    this.#byControl.delete(session.control)
    this.#silent.delete(session)
    const others = this.#servers.get(session.endpoint)! - 1
    if (others > 0) this.#servers.set(session.endpoint, others)
    else this.#servers.delete(session.endpoint)
    this.#addresses.release(session.clientId)
    this.#addresses.release(session.serverId)
    this.#kept -= session.kept
  }

  /** A session has its first payload. */
  carried(session: OpenSession): void {
    this.#silent.delete(session)
  }

  /** The dialogue of a session has grown. */
  count(session: OpenSession): void {
    this.#kept += session.ftp.size - session.kept
    session.kept = session.ftp.size
  }
}
