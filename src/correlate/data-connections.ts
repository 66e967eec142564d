import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Announcement } from '../ftp/model.js'
import { ClearContentReader } from './content/clear-content-reader.js'
import type { ContentReader, MakeContentReader, WantContent } from './content/data-content.js'
import type { Connection } from '../tcp/connection.js'
import type { ConnectionRegistry } from '../tcp/connection-registry.js'
import type { Ends } from '../tcp/ends.js'
import { parseAddress } from '../wire/address.js'
import { ExpectationTable } from './expectations.js'
import { answersEarly, type Expectation, Fit, fitOf } from './fit.js'
import type { HostPair, HostPairs } from './host-pairs.js'
import type { OpenSession } from './open-session.js'

/** Announcements of one session that may wait at the same time: the oldest are dropped. */
export const MAX_EXPECTATIONS = 1024
/**
 * Connections of the same hosts that a session keeps without an announcement for them, and all sessions together; the
 * oldest are forgotten.
 */
export const MAX_UNEXPLAINED = 256
export const MOST_UNEXPLAINED = 4096
/** Approximate memory of a data connection: its facts, and what both hosts first sent. */
export const DATA_CONNECTION_BYTES = 6144
/** Connections of two hosts that a late announcement is compared with. */
export const MAX_EARLY = 64

/** Sessions of two hosts that are asked whether they use TLS. */
const MAX_ASKED = 64

/** How the content of data connections is read. */
export interface ContentOptions {
  /** For connections that may be under TLS. */
  reader: MakeContentReader
  /** Whose content is wanted as a whole. */
  wanted: WantContent | null
}

/** Expects the connections that sessions announce, and gives each connection to the likeliest session. */
export class DataConnections {
  readonly #connections: ConnectionRegistry
  readonly #pairs: HostPairs<OpenSession>
  readonly #expectations = new ExpectationTable()
  readonly #anomalies: AnomalyLog
  /** Connections without an announcement, of all sessions, the oldest first. */
  readonly #unexplained = new Map<Connection, OpenSession>()
  /** Connections to third hosts, of all sessions. */
  readonly #elsewhere = new Map<Connection, OpenSession>()
  /** Connections that open sessions keep. */
  #kept = 0
  readonly #content: ContentOptions | null
  readonly #owners = new WeakMap<Expectation, OpenSession>()
  readonly #readers = new Map<Connection, ContentReader>()
  readonly #read = { bytes: 0 }

  constructor(
    connections: ConnectionRegistry,
    pairs: HostPairs<OpenSession>,
    anomalies: AnomalyLog,
    content: ContentOptions | null = null,
  ) {
    this.#content = content
    this.#anomalies = anomalies
    this.#connections = connections
    this.#pairs = pairs
  }

  /** Approximate memory of the data connections that open sessions keep, in bytes. */
  get kept(): number {
    return this.#kept * DATA_CONNECTION_BYTES + this.#read.bytes
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
    this.#owners.set(expectation, session)
    this.#expectations.add(expectation)
    if (session.expectations.length > MAX_EXPECTATIONS)
      this.#expectations.remove(session.expectations.at(-MAX_EXPECTATIONS - 1)!)
    this.#claimEarlier(session, expectation)
  }

  /** A connection is followed that is not a control connection: the answer to `expected`, or an unannounced one. */
  attribute(connection: Connection, ends: Ends, expected: Expectation | null): void {
    if (expected) {
      claim(expected, connection, ends)
      this.#kept++
      this.#readContent(connection, [this.#owners.get(expected)!])
      return
    }
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    const session = pair ? this.#pairs.latest(pair) : null
    if (!pair || !session) return
    this.#readContent(connection, pair.sessions)
    session.unexplained.push(connection)
    this.#unexplained.set(connection, session)
    this.#kept++
    pair.unexplained.push({ connection, owner: session })
    if (pair.unexplained.length > MAX_EARLY) pair.unexplained.shift()
    const most = `more than ${MAX_UNEXPLAINED} of one session, or ${MOST_UNEXPLAINED} of all`
    if (session.unexplained.length > MAX_UNEXPLAINED) this.#forgetUnexplained(session.unexplained[0]!, most)
    if (this.#unexplained.size > MOST_UNEXPLAINED) this.#forgetUnexplained(this.#unexplained.keys().next().value!, most)
  }

  /** A connection to a third host that a hidden announcement may have named. */
  attributeElsewhere(connection: Connection, session: OpenSession): void {
    session.elsewhere.push(connection)
    this.#elsewhere.set(connection, session)
    this.#kept++
  }

  /** What was read of a data connection, after which no more is; `null` if nothing was. */
  contentOf(connection: Connection): ContentReader | null {
    const reader = this.#readers.get(connection) ?? null
    reader?.end()
    return reader
  }

  /** Reads the content of a connection if one of the sessions to which it may belong has used TLS. */
  #readContent(connection: Connection, sessions: Iterable<OpenSession>): void {
    if (!this.#content || connection.midstream) return
    const sink = this.#content.wanted?.(connection) ?? null
    const mayBeTls = anyUsesTls(sessions)
    if (!sink && !mayBeTls) return
    const reader = mayBeTls || !sink ? this.#content.reader(this.#read, sink) : new ClearContentReader(sink)
    this.#readers.set(connection, reader)
    this.#connections.readPayload(connection, reader)
  }

  #forgetContent(connection: Connection): void {
    this.#readers.get(connection)?.release()
    this.#readers.delete(connection)
  }

  #forgetUnexplained(connection: Connection, most: string): void {
    this.#anomalies.record(
      'unexplained-connections-full',
      connection.last.frame,
      () => `ftp: ${most} open connections have no announcement: the oldest were forgotten`,
    )
    const owner = this.#unexplained.get(connection)!
    this.#disown(connection, owner)
    this.#connections.release(connection)
    this.#forgetContent(connection)
  }

  /** A connection without an announcement is not its owner's any more. */
  #disown(connection: Connection, owner: OpenSession): void {
    this.#unexplained.delete(connection)
    this.#kept--
    remove(owner.unexplained, owner.unexplained.indexOf(connection))
    const early = owner.pair.unexplained
    remove(
      early,
      early.findIndex((entry) => entry.connection === connection),
    )
  }

  /** A session was found that had begun before the capture: follows the recent connections of its hosts. */
  followBetween(pair: HostPair<OpenSession>): void {
    this.#followRecent((ends) => this.#pairs.get(ends.initiator, ends.responder) === pair)
  }

  /** A connection turned out to be a control connection: it carries no other session's data. */
  disown(connection: Connection): void {
    const owner = this.#unexplained.get(connection)
    if (owner) this.#disown(connection, owner)
    const session = this.#elsewhere.get(connection)
    if (session) {
      this.#elsewhere.delete(connection)
      this.#kept--
      remove(session.elsewhere, session.elsewhere.indexOf(connection))
    }
    if (!this.#readers.has(connection)) return
    this.#connections.readPayload(connection, null)
    this.#forgetContent(connection)
  }

  /** A session is over: nothing is expected for it any more. */
  forget(session: OpenSession): void {
    if (this.#readers.size > 0) for (const connection of session.dataConnections()) this.#forgetContent(connection)
    for (const connection of session.unexplained) this.#unexplained.delete(connection)
    for (const connection of session.elsewhere) this.#elsewhere.delete(connection)
    this.#kept -= session.unexplained.length + session.elsewhere.length
    const early = session.pair.unexplained
    if (session.unexplained.length > 0) session.pair.unexplained = early.filter(({ owner }) => owner !== session)
    for (const expectation of session.expectations) {
      this.#kept -= expectation.answers.length
      this.#expectations.remove(expectation)
      this.#connections.addresses.release(expectation.address)
    }
  }

  /** A data connection whose SYN was captured before the announcement. */
  #claimEarlier(session: OpenSession, expectation: Expectation): void {
    for (const { connection, owner } of session.pair.unexplained) {
      const ends = endsOf(connection, session)
      if (!answersEarly(expectation, ends, connection.first.time, Fit.ControlAddress)) continue
      // It was attributed to the session that was active last, perhaps another one of these hosts.
      this.#disown(connection, owner)
      claim(expectation, connection, ends)
      this.#kept++
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

function anyUsesTls(sessions: Iterable<OpenSession>): boolean {
  let asked = 0
  for (const session of sessions) {
    if (session.hasDialogue && session.ftp.dialogue.tls !== null) return true
    if (++asked === MAX_ASKED) break
  }
  return false
}

function remove(list: unknown[], at: number): void {
  if (at >= 0) list.splice(at, 1)
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
