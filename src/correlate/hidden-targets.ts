import type { AddressTable } from '../tcp/address-table.js'
import type { Ends } from '../tcp/ends.js'
import { isInside } from '../wire/address-scope.js'
import type { OpenSession } from './open-session.js'

/** Connections to third hosts that one session keeps. */
export const MAX_ELSEWHERE = 16
/** Data connections go to ports that need no privileges. */
const LOWEST_PORT = 1024

/**
 * Connections of a client to private addresses of third hosts, while TLS hides what its server announces: a 227 from
 * behind a NAT may have named one.
 */
export class HiddenTargets {
  readonly #addresses: AddressTable
  /** The latest session of each client, of those whose dialogue is hidden. */
  readonly #byClient = new Map<number, OpenSession>()

  constructor(addresses: AddressTable) {
    this.#addresses = addresses
  }

  /** More of a session was read. */
  read(session: OpenSession): void {
    const { opaqueFrom, clearAgain } = session.ftp.dialogue
    if (opaqueFrom && !clearAgain) this.#byClient.set(session.clientId, session)
  }

  /** The session whose data connection this may be. */
  sessionOf({ initiator, responder, responderPort }: Ends): OpenSession | null {
    const session = this.#byClient.size > 0 ? this.#byClient.get(initiator) : undefined
    if (!session || responderPort < LOWEST_PORT || session.elsewhere.length >= MAX_ELSEWHERE) return null
    return isInside(this.#addresses.text(responder)) ? session : null
  }

  /** A session is over. */
  forget(session: OpenSession): void {
    if (this.#byClient.get(session.clientId) === session) this.#byClient.delete(session.clientId)
  }
}
