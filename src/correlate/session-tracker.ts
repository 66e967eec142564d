import type { AnomalyLog } from '../bytes/anomaly.js'
import { classifyControl } from '../ftp/recognition/detect.js'
import { ControlSession } from '../ftp/session.js'
import type { MakeDecryptor } from '../ftp/tls/decryption.js'
import type { Chunk } from '../tcp/assembler.js'
import { Attention } from '../tcp/attention.js'
import type { DialogueSink } from '../tcp/causal-order.js'
import type { Connection, Direction } from '../tcp/connection.js'
import type { ConnectionRegistry } from '../tcp/connection-registry.js'
import type { ConnectionListener } from '../tcp/connection-tracker.js'
import type { Ends } from '../tcp/ends.js'
import { type ContentOptions, DataConnections } from './data-connections.js'
import { DueSessions } from './due-sessions.js'
import { Exchanges } from './exchanges.js'
import { type Expectation, isCertain } from './fit.js'
import { HiddenTargets } from './hidden-targets.js'
import { HostPairs } from './host-pairs.js'
import type { Session } from './model.js'
import { OpenSession } from './open-session.js'
import { OpenSessions } from './open-sessions.js'
import { attentionTo } from './recognise.js'
import { SameSessions } from './same-session.js'
import { nextCheck, SETTLED_NS, SETTLED_OF_MANY_NS, UNANSWERED_NS } from './session-end.js'
import type { OtherActivity } from './probes/activity.js'
import { SessionSorter, type Sorted } from './probes/sorter.js'
import type { Surroundings } from './surroundings/surroundings.js'
import { ServersOfClients } from './servers-of-clients.js'
import { toSession } from './to-session.js'

export interface SessionTrackerOptions {
  /** Ports that carry FTP control connections, whatever their content. */
  controlPorts: ReadonlySet<number>
  /** Of these, the ones that use TLS from the first byte. */
  implicitTlsPorts: ReadonlySet<number>
  /** Only sessions of these hosts; empty for all. */
  hosts: ReadonlySet<string>
  /** Sessions that may be open at the same time. */
  maxSessions: number
  /** With what TLS of control connections is decrypted. */
  decryptor?: MakeDecryptor
  /** With what the content of data connections is read. */
  content?: ContentOptions
  /** Counts what is seen besides sessions. */
  surroundings?: Surroundings
  /** Sessions numbered before, by another tracker of the same input. */
  firstSession?: number
}

/**
 * Bytes for each session that may be open, with its dialogue and data connections, and for how many at least: a few
 * long sessions may hold as much as many short ones.
 */
export const KEPT_PER_SESSION = 16_000
export const LEAST_SESSIONS = 10_000
/**
 * Interval of the search for sessions that may be over, in the time of the capture: several that are judged one after
 * the other cost less than each alone. While many are open, their memory matters more.
 */
const CHECK_INTERVAL_NS = 1e9
const MANY_OPEN = 256
const INTERVAL_OF_MANY_NS = 1e7
/** So many that those which are settled need not wait for long. */
const TOO_MANY_OPEN = 512

/** Finds control connections and the data connections that they announce; passes on each session when it is over. */
export class SessionTracker implements ConnectionListener {
  readonly #connections: ConnectionRegistry
  readonly #options: SessionTrackerOptions
  readonly #anomalies: AnomalyLog
  readonly #pairs: HostPairs<OpenSession>
  readonly #servers = new ServersOfClients()
  readonly #exchanges = new Exchanges()
  readonly #data: DataConnections
  readonly #open: OpenSessions
  readonly #targets: HiddenTargets
  /** Sessions that may be over by their time. */
  readonly #due = new DueSessions<OpenSession>()
  readonly #sameSessions: SameSessions
  readonly #sorter: SessionSorter
  /** What the latest new connection answers: found by `opened` for `followed`, which is the next call. */
  #expected: Expectation | null = null
  #otherTraffic = false
  #sessions: number
  #lastCheck = 0
  #nextProbes = 0
  readonly #mostKept: number
  #now = 0

  constructor(
    connections: ConnectionRegistry,
    anomalies: AnomalyLog,
    options: SessionTrackerOptions,
    onSession: (session: Session) => void,
  ) {
    this.#connections = connections
    this.#anomalies = anomalies
    this.#options = options
    this.#sorter = new SessionSorter(connections, { controlPorts: options.controlPorts, onSession })
    this.#pairs = new HostPairs(anomalies)
    this.#sameSessions = new SameSessions(anomalies)
    this.#data = new DataConnections(connections, this.#pairs, anomalies, options.content)
    this.#open = new OpenSessions(connections.addresses)
    this.#targets = new HiddenTargets(connections.addresses)
    this.#sessions = options.firstSession ?? 0
    this.#mostKept = Math.max(options.maxSessions, LEAST_SESSIONS) * KEPT_PER_SESSION
  }

  /** Sessions numbered so far. */
  get count(): number {
    return this.#sessions
  }

  /** Moves the clock; passes on the sessions that are over, and returns true where it has looked for any. */
  tick(time: number): boolean {
    this.#now = time
    while (this.#open.size > 0 && this.#open.kept + this.#data.kept > this.#mostKept) {
      const why = `the sessions that are open at the same time hold more than ${this.#mostKept} bytes`
      this.#evict(this.#open.oldest, 'session-memory-full', why)
    }
    const interval = this.#open.size < MANY_OPEN ? CHECK_INTERVAL_NS : INTERVAL_OF_MANY_NS
    if (time - this.#lastCheck < interval) return false
    this.#lastCheck = time
    this.#checkDue(time, SETTLED_NS)
    if (this.#open.size > TOO_MANY_OPEN) this.#checkDue(time + SETTLED_NS - SETTLED_OF_MANY_NS, SETTLED_OF_MANY_NS)
    if (time < this.#nextProbes) return true
    this.#nextProbes = time + CHECK_INTERVAL_NS
    this.#sorter.tick(time)
    return true
  }

  /** The input has ended, and `finished` was called for all connections: what control ports saw besides sessions. */
  end(): OtherActivity {
    const { surroundings, controlPorts } = this.#options
    const activity = this.#sorter.end()
    surroundings?.pointEnded(this.#connections, controlPorts)
    return activity
  }

  /** A frame that is not TCP: proof that the capture was not filtered down to the control port. */
  noteOtherTraffic(): void {
    this.#otherTraffic = true
  }

  isReversed(ends: Ends): boolean {
    const reversed = {
      initiator: ends.responder,
      initiatorPort: ends.responderPort,
      responder: ends.initiator,
      responderPort: ends.initiatorPort,
    }
    if (this.#data.expected(ends) || this.#open.hasServer(ends)) return false
    if (this.#data.expected(reversed) || this.#open.hasServer(reversed)) return true
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    // Active connections come from a known port (RFC 959 §3.2): what is left is the client's.
    const session = pair ? this.#pairs.latest(pair) : null
    return session !== null && ends.initiator === session.serverId && ends.responder === session.clientId
  }

  opened(ends: Ends): Attention {
    const isControl = this.#options.controlPorts.has(ends.responderPort) || this.#open.hasServer(ends)
    const expected = this.#data.expected(ends)
    // An announcement of a control port must not hide other clients' sessions: only the expected initiator is believed.
    if (isControl && !(expected && isCertain(expected, ends))) return Attention.Read
    this.#expected = expected
    this.#otherTraffic = true
    if (expected) return Attention.Counted
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    if (!pair) return this.#targets.sessionOf(ends) ? Attention.Candidate : Attention.Ignored
    pair.otherConnections = true
    return Attention.Candidate
  }

  recognise(
    bytes: Uint8Array,
    start: number,
    end: number,
    direction: Direction,
    first: boolean,
    port: number,
  ): Attention {
    this.#options.surroundings?.payload(bytes, start, end, direction, port)
    return attentionTo(bytes, start, end, direction, first, port)
  }

  followed(connection: Connection, ends: Ends, attention: Attention): DialogueSink | null {
    if (attention === Attention.Read) {
      this.#data.disown(connection)
      return this.#openSession(connection, ends)
    }
    // Not recognized by its payload: it was requested by `opened`.
    const session = this.#expected ? null : this.#targets.sessionOf(ends)
    if (session && !this.#pairs.get(ends.initiator, ends.responder)) this.#data.attributeElsewhere(connection, session)
    else this.#data.attribute(connection, ends, this.#expected)
    return null
  }

  closed(connection: Connection): void {
    const session = this.#open.of(connection)
    if (session) this.#due.set(session, this.#now + SETTLED_NS)
  }

  finished(connection: Connection): void {
    const session = this.#open.of(connection)
    if (session) this.#finish(session)
  }

  #openSession(control: Connection, ends: Ends): DialogueSink {
    const session = new OpenSession({
      control,
      ends,
      pair: this.#pairs.join(ends.initiator, ends.responder),
      wanted: this.#isWanted(control),
      doubtful: !this.#options.controlPorts.has(ends.responderPort),
      read: this.#reader,
    })
    if (session.wanted && !session.doubtful) session.id = ++this.#sessions
    session.pair.sessions.add(session)
    this.#sorter.opened(session)
    this.#servers.note(control.initiator.address, control.responder.address)
    this.#open.add(session)
    this.#due.set(session, this.#now + UNANSWERED_NS)
    const { maxSessions } = this.#options
    if (this.#open.size > maxSessions)
      this.#evict(this.#open.leastLoss, 'session-table-full', `more than ${maxSessions} sessions at the same time`)
    if (control.midstream) this.#data.followBetween(session.pair)
    return {
      data: (direction, chunk) => {
        this.#read(session, direction, chunk)
      },
      gap: (direction, length, frame, time) => {
        session.ftp.gap(direction, length, frame, time)
      },
    }
  }

  readonly #reader = (session: OpenSession): ControlSession =>
    new ControlSession({
      port: session.control.responder.port,
      implicitTls: this.#options.implicitTlsPorts.has(session.control.responder.port),
      midstream: session.control.midstream,
      anomalies: this.#anomalies,
      ...(this.#options.decryptor && { decryptor: this.#options.decryptor }),
      onAnnouncement: (announcement, place) => {
        if (place) session.places.set(announcement, place)
        this.#data.expect(session, announcement)
        this.#exchanges.note(session.control, announcement)
      },
    })

  #read(session: OpenSession, direction: Direction, chunk: Chunk): void {
    session.pair.lastActive = session
    if (!session.hasDialogue) {
      this.#sorter.carried(session)
      this.#open.carried(session)
    }
    const { bytes, start, end, frame, time, offset, acknowledged } = chunk
    session.ftp.data(direction, bytes, start, end, frame, time, offset, acknowledged)
    this.#open.count(session)
    this.#targets.read(session)
    if (!session.doubtful) return
    const kind = classifyControl(session.ftp.dialogue)
    if (kind === 'ftp') {
      session.doubtful = false
      if (session.wanted) session.id = ++this.#sessions
    }
    // Released later, not here: the connection is being followed right now.
    else if (kind === 'other') this.#due.set(session, 0)
  }

  /** Looks at the sessions that are due by a time: each once, since the next time of some may be before that. */
  #checkDue(until: number, settled: number): void {
    const sessions: OpenSession[] = []
    for (let session = this.#due.take(until); session; session = this.#due.take(until)) sessions.push(session)
    for (const session of sessions) this.#check(session, settled)
  }

  #check(session: OpenSession, settled: number): void {
    if (session.doubtful && classifyControl(session.ftp.dialogue) === 'other') {
      this.#discard(session)
      return
    }
    const next = nextCheck(session, this.#now, settled)
    if (next === null) this.#finish(session)
    else if (next < Infinity) this.#due.set(session, next)
  }

  /** A probe is as complete as it will ever be: nothing is told of it. */
  #evict(session: OpenSession, kind: string, why: string): void {
    const { frame } = session.control.last
    if (this.#finish(session) !== 'activity')
      this.#anomalies.record(kind, frame, () => `ftp: ${why}: the oldest were judged before their end`)
  }

  #discard(session: OpenSession): void {
    this.#remove(session)
    for (const connection of [session.control, ...session.dataConnections()]) this.#connections.release(connection)
  }

  #finish(session: OpenSession): Sorted {
    const row = this.#connections.rowOf(session.control)
    this.#connections.release(session.control)
    if (session.hasDialogue) session.ftp.end()
    for (const connection of session.dataConnections()) this.#connections.release(connection)
    let sorted: Sorted = 'activity'
    if (!session.doubtful && session.wanted) {
      const remember = () => {
        this.#pairs.remember(session)
      }
      sorted = this.#sorter.take(session, row, this.#now, () => this.#describe(session), remember)
    } else if (!session.doubtful) this.#options.surroundings?.otherHosts(session.control)
    this.#remove(session)
    return sorted
  }

  #describe(session: OpenSession): Session {
    const sameHosts = this.#pairs.othersOf(session, session.pair)
    const sameSession = this.#sameSessions.find(session.control, session.ftp.dialogue)
    return toSession(session, {
      judgedAt: this.#now,
      otherTraffic: this.#otherTraffic,
      sameHosts,
      sameSession,
      isServerOf: (client, address) => this.#servers.knows(client, address),
      contentOf: (connection) => this.#data.contentOf(connection),
      exchangedAmong: (control, channels) => this.#exchanges.among(control, channels),
    })
  }

  #isWanted(control: Connection): boolean {
    const { hosts } = this.#options
    return hosts.size === 0 || hosts.has(control.initiator.address) || hosts.has(control.responder.address)
  }

  #remove(session: OpenSession): void {
    this.#due.remove(session)
    this.#data.forget(session)
    this.#targets.forget(session)
    this.#pairs.leave(session.pair, session)
    this.#open.remove(session)
  }
}
