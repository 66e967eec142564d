import type { Announcement } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { ConnectionTracker, Ends } from '../tcp/connection-tracker.js'
import { Attention } from '../tcp/attention.js'
import { parseAddress } from '../wire/address.js'
import { type Expectation, ExpectationTable, fit } from './expectations.js'
import type { HostPairs } from './host-pairs.js'
import { claim, endsOf, isNear, type OpenSession } from './open-session.js'

/** Announcements of one session that may wait at the same time: the oldest are given up. */
const MAX_EXPECTATIONS = 1024
/** Connections of the same hosts that a session keeps in mind without an announcement for them. */
const MAX_UNEXPLAINED = 256
/** Connections of two hosts that a late announcement is compared with. */
const MAX_EARLY = 64

/** Expects the connections that sessions announce, and gives each connection to the session that it most likely belongs to. */
export class DataConnections {
  readonly #pairs: HostPairs<OpenSession>
  readonly #connections: ConnectionTracker
  readonly #expectations = new ExpectationTable<OpenSession>()

  constructor(pairs: HostPairs<OpenSession>, connections: ConnectionTracker) {
    this.#pairs = pairs
    this.#connections = connections
  }

  /** The announcement that a connection most likely answers. */
  expected(ends: Ends): Expectation<OpenSession> | null {
    return this.#expectations.empty ? null : this.#expectations.match(ends)
  }

  /** A session announces where it will dial, or be dialled. */
  expect(session: OpenSession, announcement: Announcement): void {
    if (announcement.port === null || announcement.malformed !== null) return
    const { addresses } = this.#connections
    const passive = announcement.mode === 'passive'
    const listener = passive ? session.serverId : session.clientId
    const bytes = announcement.address === null ? null : parseAddress(announcement.address)
    const address = bytes ? addresses.intern(bytes, 0, bytes.length === 16 ? 6 : 4) : listener
    addresses.hold(address)
    const expectation: Expectation<OpenSession> = {
      owner: session,
      announcement,
      address,
      port: announcement.port,
      listener,
      initiator: passive ? session.clientId : session.serverId,
      connections: [],
    }
    session.expectations.push(expectation)
    this.#expectations.add(expectation)
    if (session.expectations.length > MAX_EXPECTATIONS)
      this.#expectations.remove(session.expectations.at(-MAX_EXPECTATIONS - 1)!)
    this.#claimEarlier(session, expectation)
  }

  /** A connection is followed that is no control connection. */
  attribute(connection: Connection, ends: Ends): void {
    const expected = this.expected(ends)
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    const session = pair ? this.#pairs.latest(pair) : null
    if (expected) claim(expected, connection, ends)
    else if (pair && session) {
      session.unexplained.push(connection)
      if (session.unexplained.length > MAX_UNEXPLAINED) this.#connections.release(session.unexplained.shift()!)
      pair.unexplained.push({ connection, owner: session })
      if (pair.unexplained.length > MAX_EARLY) pair.unexplained.shift()
    }
  }

  /** A connection that turned out to be a control connection of its own is no session's data. */
  disown(connection: Connection, ends: Ends): void {
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    const at = pair?.unexplained.findIndex((entry) => entry.connection === connection) ?? -1
    if (!pair || at < 0) return
    const { owner } = pair.unexplained.splice(at, 1)[0]!
    const index = owner.unexplained.indexOf(connection)
    if (index >= 0) owner.unexplained.splice(index, 1)
  }

  /** A session is over: nothing is expected for it any more. */
  forget(session: OpenSession): void {
    for (const expectation of session.expectations) {
      this.#expectations.remove(expectation)
      this.#connections.addresses.release(expectation.address)
    }
  }

  /** A data connection whose SYN was captured before the words that announce it. */
  #claimEarlier(session: OpenSession, expectation: Expectation<OpenSession>): void {
    const { announcement } = expectation
    const { unexplained, sessions } = session.pair
    for (const [index, { connection, owner }] of unexplained.entries()) {
      const ends = endsOf(connection, session)
      if (!isNear(connection.first.time, announcement) || fit(expectation, ends) < 4) continue
      // It was attributed to the session that spoke last, perhaps another one of these hosts.
      const at = sessions.has(owner) ? owner.unexplained.indexOf(connection) : -1
      if (at < 0) continue
      owner.unexplained.splice(at, 1)
      unexplained.splice(index, 1)
      claim(expectation, connection, ends)
      return
    }
    this.#connections.promoteRecent(
      Attention.Counted,
      (ends, firstTime) => isNear(firstTime, announcement) && fit(expectation, ends) >= 2,
    )
  }
}
