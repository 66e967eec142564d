import type { AnomalyLog } from '../bytes/anomaly.js'
import { ConnectionRegistry } from '../tcp/connection-registry.js'
import { ConnectionTracker, type TrackerOptions } from '../tcp/connection-tracker.js'
import { type Packet, PacketKind } from '../wire/packet.js'
import type { Session } from './model.js'
import type { OtherActivity } from './probes/activity.js'
import { type Seen, Surroundings } from './surroundings/surroundings.js'
import { SessionTracker, type SessionTrackerOptions } from './session-tracker.js'

export interface ObservationOptions {
  sessions: SessionTrackerOptions
  connections: TrackerOptions & { maxConnections: number }
}

/** What was captured at one place: its connections (tcp), and the sessions among them (ftp, correlate). */
export class ObservationPoint {
  readonly #connections: ConnectionRegistry
  readonly #tcp: ConnectionTracker
  readonly #sessions: SessionTracker
  readonly #before: readonly OtherActivity[]
  /** Of all observation points of the input. */
  readonly #surroundings: Surroundings
  #activity: OtherActivity | null = null

  /** `before` is another observation point of the same input: numbers continue where it stopped. */
  constructor(
    options: ObservationOptions,
    anomalies: AnomalyLog,
    onSession: (session: Session) => void,
    before: ObservationPoint | null,
  ) {
    this.#before = before ? before.activities : []
    this.#surroundings = before ? before.#surroundings : new Surroundings()
    const firstSession = before ? before.sessions : 0
    const firstStream = before ? before.streams : 0
    // Both trackers share it: one fills it from packets, the other decides what is followed.
    const connections = new ConnectionRegistry(options.connections.maxConnections, anomalies, firstStream)
    this.#connections = connections
    const surroundings = this.#surroundings
    const found = (session: Session): void => {
      surroundings.sessionFound()
      onSession(session)
    }
    this.#sessions = new SessionTracker(
      connections,
      anomalies,
      { ...options.sessions, firstSession, surroundings },
      found,
    )
    this.#tcp = new ConnectionTracker(connections, this.#sessions, anomalies, { ...options.connections, firstStream })
  }

  /** The next file begins, which continues those before. */
  beginFile(): void {
    this.#connections.inFile.begin(this.#tcp.streams)
  }

  /** The next packet; sessions that are over by its time are passed on. */
  packet(kind: PacketKind, packet: Packet): void {
    if (this.#sessions.tick(packet.time)) this.#tcp.openHeld()
    if (kind === PacketKind.Tcp) this.#tcp.segment(packet)
    else if (kind === PacketKind.IcmpError) this.#tcp.icmpError(packet)
    else {
      this.#sessions.noteOtherTraffic()
      this.#surroundings.packet(packet)
    }
  }

  /** Sessions and connections numbered so far, in the whole input. */
  get sessions(): number {
    return this.#sessions.count
  }

  get streams(): number {
    return this.#tcp.streams
  }

  /** No packet has arrived, and this is the current time. */
  idle(time: number): void {
    if (this.#sessions.tick(time)) this.#tcp.openHeld()
  }

  /** The input has ended: all sessions are passed on. */
  end(): void {
    this.#tcp.end()
    this.#activity = this.#sessions.end()
  }

  /** What control ports saw besides sessions, once the input has ended: at each observation point up to this one. */
  get activities(): readonly OtherActivity[] {
    return this.#activity ? [...this.#before, this.#activity] : this.#before
  }

  /** What was seen instead of sessions, likewise; `null` if there are any. */
  get seen(): Seen | null {
    return this.#surroundings.seen()
  }
}
