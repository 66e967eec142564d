import type { AnomalyLog } from '../bytes/anomaly.js'
import { classifyControl, looksLikeGreeting } from '../ftp/recognition/detect.js'
import { ControlSession } from '../ftp/session.js'
import type { Chunk } from '../tcp/assembler.js'
import type { DialogueSink } from '../tcp/causal-order.js'
import { type Connection, Direction } from '../tcp/connection.js'
import { Attention } from '../tcp/attention.js'
import type { ConnectionListener, ConnectionTracker, Ends } from '../tcp/connection-tracker.js'
import { DataConnections } from './data-connections.js'
import { BEST_FIT, fit } from './expectations.js'
import { HostPairs } from './host-pairs.js'
import type { Session } from './model.js'
import { connectionsOf, endpointKey, OpenSession, toSession } from './open-session.js'
import { Twins } from './same-session.js'

export interface SessionTrackerOptions {
  /** Ports that carry FTP control connections, whatever is said on them. */
  controlPorts: ReadonlySet<number>
  /** Of these, the ones that speak TLS from the first byte. */
  implicitTlsPorts: ReadonlySet<number>
  /** Only sessions of these hosts; empty for all. */
  hosts: ReadonlySet<string>
  /** Sessions that may be open at the same time. */
  maxSessions: number
  /** Sessions numbered before, by another tracker of the same input. */
  firstSession?: number
}

/** A session is judged so long after its control connection has closed, unless data still flows. */
const LINGER_NS = 5e9
/** Data connections that are silent for this long hold up nothing. */
const DATA_IDLE_NS = 60e9
/** A control connection without an answer is judged after this silence: longer than the gap between a host's last two SYNs. */
const UNANSWERED_NS = 130e9
/** Bytes of dialogue for each session that may be open, and the least number of them: a few long sessions may hold what many short ones do. */
const KEPT_PER_SESSION = 10_000
const LEAST_SESSIONS = 10_000

/**
 * Finds control connections, expects what they announce, gathers the data connections and hands out each session when it is over.
 */
export class SessionTracker implements ConnectionListener {
  readonly #options: SessionTrackerOptions
  readonly #anomalies: AnomalyLog
  readonly #onSession: (session: Session) => void
  #connections: ConnectionTracker | null = null
  #data: DataConnections | null = null
  readonly #open = new Map<Connection, OpenSession>()
  readonly #ending = new Set<OpenSession>()
  readonly #pairs = new HostPairs<OpenSession>()
  readonly #twins = new Twins()
  /** Servers' ports found by content, with the number of their open sessions: further connections to them are control connections. */
  readonly #endpoints = new Map<number, number>()
  #otherTraffic = false
  #sessions: number
  #nextLook = 0
  /** Bytes of the dialogues of all open sessions. */
  #kept = 0
  readonly #mostKept: number
  #now = 0

  constructor(options: SessionTrackerOptions, anomalies: AnomalyLog, onSession: (session: Session) => void) {
    this.#options = options
    this.#anomalies = anomalies
    this.#onSession = onSession
    this.#sessions = options.firstSession ?? 0
    this.#mostKept = Math.max(options.maxSessions, LEAST_SESSIONS) * KEPT_PER_SESSION
  }

  /** The tracker that this one listens to; set once, both need each other. */
  attach(connections: ConnectionTracker): void {
    this.#connections = connections
    this.#data = new DataConnections(this.#pairs, connections)
  }

  /** Sessions numbered so far. */
  get count(): number {
    return this.#sessions
  }

  /** Moves the clock; hands out the sessions that are over. */
  tick(time: number): void {
    this.#now = time
    while (this.#kept > this.#mostKept) {
      this.#evict(
        'session-memory-full',
        `the sessions that are open at the same time hold more than ${this.#mostKept} bytes`,
      )
    }
    if (time < this.#nextLook) return
    this.#nextLook = time + 1e9
    for (const session of this.#ending) if (session.due <= time) this.#lookAt(session)
  }

  /** A frame that is no TCP: proof that the capture was not filtered down to the control port. */
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
    const data = this.#data!
    if (data.expected(ends) || this.#endpoints.has(endpointKey(ends))) return false
    if (data.expected(reversed) || this.#endpoints.has(endpointKey(reversed))) return true
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    // Active connections come from a port that tells (RFC 959 §3.2): what is left is the client's.
    const session = pair ? this.#pairs.latest(pair) : null
    return session !== null && ends.initiator === session.serverId && ends.responder === session.clientId
  }

  opened(ends: Ends): Attention {
    const isControl = this.#options.controlPorts.has(ends.responderPort) || this.#endpoints.has(endpointKey(ends))
    const expected = this.#data!.expected(ends)
    // An announcement of a control port must not hide other clients' sessions: only the host that was to dial it is believed.
    if (isControl && (!expected || fit(expected, ends) < BEST_FIT)) return Attention.Read
    this.#otherTraffic = true
    if (expected) return Attention.Counted
    const pair = this.#pairs.get(ends.initiator, ends.responder)
    if (!pair) return Attention.Ignored
    pair.otherConnections = true
    return Attention.Candidate
  }

  recognise(bytes: Uint8Array, start: number, end: number, direction: Direction): Attention {
    if (direction !== Direction.FromResponder) return Attention.Ignored
    return looksLikeGreeting(bytes, start, end) || mayBecomeGreeting(bytes, start, end)
      ? Attention.Read
      : Attention.Ignored
  }

  followed(connection: Connection, ends: Ends, interest: Attention): DialogueSink | null {
    if (interest === Attention.Read) {
      this.#data!.disown(connection, ends)
      return this.#openSession(connection, ends)
    }
    this.#data!.attribute(connection, ends)
    return null
  }

  closed(connection: Connection): void {
    const session = this.#open.get(connection)
    if (!session) return
    session.due = this.#now + LINGER_NS
    this.#ending.add(session)
  }

  finished(connection: Connection): void {
    const session = this.#open.get(connection)
    if (session) this.#finish(session)
  }

  #openSession(control: Connection, ends: Ends): DialogueSink {
    const session = new OpenSession({
      control,
      ends,
      pair: this.#pairs.join(ends.initiator, ends.responder),
      wanted: this.#isWanted(control),
      doubtful: !this.#options.controlPorts.has(ends.responderPort),
      due: this.#now + UNANSWERED_NS,
      read: this.#reader,
    })
    if (session.wanted && !session.doubtful) session.id = ++this.#sessions
    session.pair.sessions.add(session)
    this.#endpoints.set(session.endpoint, (this.#endpoints.get(session.endpoint) ?? 0) + 1)
    this.#connections!.addresses.hold(ends.initiator)
    this.#connections!.addresses.hold(ends.responder)
    this.#open.set(control, session)
    this.#ending.add(session)
    if (this.#open.size > this.#options.maxSessions) {
      this.#evict('session-table-full', `more than ${this.#options.maxSessions} sessions at the same time`)
    }
    if (control.midstream) {
      this.#connections!.promoteRecent(
        Attention.Counted,
        (other) => this.#pairs.get(other.initiator, other.responder) === session.pair,
      )
    }
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
      anomalies: this.#anomalies,
      onAnnouncement: (announcement, place) => {
        if (place) session.places.set(announcement, place)
        this.#data!.expect(session, announcement)
      },
    })

  #read(session: OpenSession, direction: Direction, chunk: Chunk): void {
    session.pair.speaker = session
    session.ftp.data(direction, chunk.bytes, chunk.start, chunk.end, chunk.frame, chunk.time, chunk.offset)
    this.#kept += session.ftp.size - session.kept
    session.kept = session.ftp.size
    if (!session.doubtful) return
    const kind = classifyControl(session.ftp.dialogue)
    if (kind === 'ftp') {
      session.doubtful = false
      if (session.wanted) session.id = ++this.#sessions
    }
    // Released later, not here: the connection is being followed right now.
    else if (kind === 'other') {
      session.due = 0
      this.#ending.add(session)
    }
  }

  #lookAt(session: OpenSession): void {
    if (session.doubtful && classifyControl(session.ftp.dialogue) === 'other') {
      this.#discard(session)
      return
    }
    const { control } = session
    if (!control.closed) {
      const silent = control.flows[1].packets === 0
      // An open connection that was answered is over when it closes; one without an answer when nobody tries any more.
      if (!silent) this.#ending.delete(session)
      else if (this.#now - control.last.time >= UNANSWERED_NS) this.#finish(session)
      else session.due = control.last.time + UNANSWERED_NS
      return
    }
    for (const connection of connectionsOf(session)) {
      if (!connection.closed && this.#now - connection.last.time < DATA_IDLE_NS) {
        session.due = this.#now + LINGER_NS
        return
      }
    }
    if (this.#now - control.last.time < LINGER_NS) session.due = control.last.time + LINGER_NS
    else this.#finish(session)
  }

  #evict(kind: string, why: string): void {
    const oldest = this.#open.values().next().value!
    this.#anomalies.record(
      kind,
      oldest.control.last.frame,
      () => `ftp: ${why}: the oldest were judged before their end`,
    )
    this.#finish(oldest)
  }

  #discard(session: OpenSession): void {
    this.#remove(session)
    for (const connection of [session.control, ...connectionsOf(session)]) this.#connections!.release(connection)
  }

  #finish(session: OpenSession): void {
    this.#connections!.release(session.control)
    session.ftp.end()
    const data = connectionsOf(session)
    for (const connection of data) this.#connections!.release(connection)
    if (!session.doubtful && session.wanted) this.#onSession(this.#describe(session))
    this.#remove(session)
  }

  #describe(session: OpenSession): Session {
    const siblings = this.#pairs.siblingsOf(session, session.pair)
    this.#pairs.remember(session)
    const twin = this.#twins.find(session.control, session.ftp.dialogue)
    return toSession(session, {
      judgedAt: this.#now,
      otherTraffic: this.#otherTraffic,
      sameHosts: siblings,
      sameSession: twin,
    })
  }

  #isWanted(control: Connection): boolean {
    const { hosts } = this.#options
    return hosts.size === 0 || hosts.has(control.initiator.address) || hosts.has(control.responder.address)
  }

  #remove(session: OpenSession): void {
    this.#open.delete(session.control)
    this.#kept -= session.kept
    this.#ending.delete(session)
    this.#data!.forget(session)
    this.#pairs.leave(session.pair, session)
    const others = this.#endpoints.get(session.endpoint)! - 1
    if (others > 0) this.#endpoints.set(session.endpoint, others)
    else this.#endpoints.delete(session.endpoint)
    this.#connections!.addresses.release(session.clientId)
    this.#connections!.addresses.release(session.serverId)
  }
}

/** The first segment is too short to tell, but begins as a greeting does. */
function mayBecomeGreeting(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start < 4 && '220'.startsWith(String.fromCharCode(...bytes.subarray(start, end)))
}
