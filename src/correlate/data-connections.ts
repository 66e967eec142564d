import type { Announcement } from '../ftp/model.js'
import type { Connection } from '../tcp/connection.js'
import type { ConnectionRegistry } from '../tcp/connection-registry.js'
import type { Ends } from '../tcp/ends.js'
import { parseAddress } from '../wire/address.js'
import { ExpectationTable } from './expectations.js'
import { answersEarly, type Expectation, Fit, fitOf } from './fit.js'
import type { HostPair, HostPairs } from './host-pairs.js'
import type { OpenSession } from './open-session.js'

/** Announcements of one session that may wait at the same time: the oldest are dropped. */
const MAX_EXPECTATIONS = 1024
/** Connections of the same hosts that a session keeps without an announcement for them. */
const MAX_UNEXPLAINED = 256
/** Connections of two hosts that a late announcement is compared with. */
const MAX_EARLY = 64

/** Expects the connections that sessions announce, and gives each connection to the likeliest session. */
export class DataConnections {
  readonly #connections: ConnectionRegistry
  readonly #pairs: HostPairs<OpenSession>
  readonly #expectations = new ExpectationTable()

  constructor(connections: ConnectionRegistry, pairs: HostPairs<OpenSession>) {
    this.#connections = connections
    this.#pairs = pairs
  }

  /** The announcement that a connection most likely answers. */
  expected(ends: Ends): Expectation | null {
    return this.#expectations.empty ? null : this.#expectations.match(ends)
  }

  /** A session announces where a data connection will go to. */
  expect(session: OpenSession, announcement: Announcement): void {
    if ((announcement.port === null && announcement.cutPorts === null) || announcement.malformed !== null) return
    const { addresses } = this.#connections
    const passive = announcement.mode === 'passive'
    const listener = passive ? session.serverId : session.clientId
    const bytes = announcement.address === null ? null : parseAddress(announcement.address)
    const address = bytes ? addresses.intern(bytes, 0, bytes.length === 16 ? 6 : 4) : listener
    addresses.hold(address)
    const expectation: Expectation = {
      announcement,
      address,
      port: announcement.port,
      listener,
      initiator: passive ? session.clientId : session.serverId,
      answers: [],
    }
    // Without a port, an announcement is in force until the next one.
    const before = session.expectations.at(-1)
    if (before?.port === null) this.#expectations.remove(before)
    session.expectations.push(expectation)
    this.#expectations.add(expectation)
    if (session.expectations.length > MAX_EXPECTATIONS)
      this.#expectations.remove(session.expectations.at(-MAX_EXPECTATIONS - 1)!)
    this.#claimEarlier(session, expectation)
  }

  /** A connection is followed that is not a control connection: the answer to `expected`, or an unannounced one. */
  attribute(connection: Connection, ends: Ends, expected: Expectation | null): void {
    if (expected) {
      claim(expected, connection, ends)
      return
    }
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    const session = pair ? this.#pairs.latest(pair) : null
    if (!pair || !session) return
    session.unexplained.push(connection)
    if (session.unexplained.length > MAX_UNEXPLAINED) this.#connections.release(session.unexplained.shift()!)
    pair.unexplained.push({ connection, owner: session })
    if (pair.unexplained.length > MAX_EARLY) pair.unexplained.shift()
  }

  /** A session was found that had begun before the capture: follows the recent connections of its hosts. */
  followBetween(pair: HostPair<OpenSession>): void {
    this.#followRecent((ends) => this.#pairs.get(ends.initiator, ends.responder) === pair)
  }

  /** A connection turned out to be a control connection: it carries no other session's data. */
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

  /** A data connection whose SYN was captured before the announcement. */
  #claimEarlier(session: OpenSession, expectation: Expectation): void {
    const { unexplained, sessions } = session.pair
    for (const [index, { connection, owner }] of unexplained.entries()) {
      const ends = endsOf(connection, session)
      if (!answersEarly(expectation, ends, connection.first.time, Fit.ControlAddress)) continue
      // It was attributed to the session that was active last, perhaps another one of these hosts.
      const at = sessions.has(owner) ? owner.unexplained.indexOf(connection) : -1
      if (at < 0) continue
      owner.unexplained.splice(at, 1)
      unexplained.splice(index, 1)
      claim(expectation, connection, ends)
      return
    }
    this.#followRecent((ends, firstTime) => answersEarly(expectation, ends, firstTime, Fit.AddressOnly))
  }

  #followRecent(wanted: (ends: Ends, firstTime: number) => boolean): void {
    this.#connections.followRecent(wanted, (connection, ends) => {
      this.attribute(connection, ends, this.expected(ends))
    })
  }
}

function claim(expectation: Expectation, connection: Connection, ends: Ends): void {
  expectation.answers.push({ connection, fit: fitOf(expectation, ends) })
}

/** Ends of a connection between the session's two hosts, as ids of the address table. */
function endsOf(connection: Connection, session: OpenSession): Ends {
  const fromClient = connection.initiator.address === session.control.initiator.address
  return {
    initiator: fromClient ? session.clientId : session.serverId,
    initiatorPort: connection.initiator.port,
    responder: fromClient ? session.serverId : session.clientId,
    responderPort: connection.responder.port,
  }
}
