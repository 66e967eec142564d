import type { AnomalyLog } from '../bytes/anomaly.js'
import { SharedMemory } from '../bytes/shared-memory.js'
import { AddressTable } from './address-table.js'
import type { Connection, Flow } from './connection.js'
import { RowState } from './connection-rows.js'
import { ConnectionTable, recordFull } from './connection-table.js'
import { type Ends, noEnds } from './ends.js'
import { follow } from './follow.js'
import { FileStreams } from './file-streams.js'
import type { FollowedConnection } from './followed-connection.js'
import type { HeldSyn } from './held-syn.js'
import { PayloadReader, type PayloadSink } from './payload-reader.js'
import { RowsByInitiator } from './rows-by-initiator.js'

/** The latest ignored connections: one may turn out to answer an announcement that was captured after it. */
const RECENT = 1024

/** The latest connections that were read and are over: their ports may be used again without a captured SYN. */
const MOST_ENDED = 4096

export interface EndedConnection {
  /** Of its last packet. */
  time: number
  /** By direction: what follows its last byte. */
  sequences: readonly [number, number]
  closed: boolean
}
/** Bytes that followed connections may hold together of packets that come very fast, or ahead of others. */
export const MOST_SHARED = 12 << 20

/**
 * All connections of an observation point: a row of numbers for each, and the state of those that are followed.
 * `ConnectionTracker` fills it from packets; the next stage releases the connections that it has finished with, and can
 * have recent ones followed after all.
 */
export class ConnectionRegistry {
  readonly addresses = new AddressTable()
  readonly table: ConnectionTable
  readonly shared = new SharedMemory(MOST_SHARED)
  readonly byInitiator: RowsByInitiator
  /** Numbers of the rows' connections in the file where they began. */
  readonly inFile: FileStreams
  /** By the slot that a row has (`ConnectionTable.followed`); `null` where a slot is free. */
  readonly followed: (FollowedConnection | null)[] = []
  /** SYNs that were held in connections which have been released since. */
  readonly heldSyns: HeldSyn[] = []
  readonly #freeSlots: number[] = []
  readonly #rowOf = new Map<Connection, number>()
  readonly #recent = new Int32Array(RECENT).fill(-1)
  #recentAt = 0
  readonly #ends = noEnds()

  readonly #anomalies: AnomalyLog
  readonly #ended = new Map<number, EndedConnection>()

  /** `firstStream` is the number of the first stream. */
  constructor(maxConnections: number, anomalies: AnomalyLog, firstStream = 0) {
    this.#anomalies = anomalies
    this.inFile = new FileStreams(firstStream)
    this.table = new ConnectionTable(this.addresses, maxConnections)
    this.byInitiator = new RowsByInitiator(this.table)
  }

  /** The connection of a row began, opened by that host, when there were `streams` connections. */
  started(row: number, initiator: number, streams: number): void {
    this.byInitiator.add(row, initiator)
    this.inFile.started(row, this.table.stream(row), streams)
  }

  /** Follows the connection of a row from here on. */
  follow(row: number): FollowedConnection {
    const followed = follow(this.table, row, this.addresses, this.#anomalies, this.shared)
    const slot = this.#freeSlots.pop() ?? this.followed.length
    followed.connection.streamInFile = this.inFile.numberOf(row, this.table.stream(row))
    this.followed[slot] = followed
    this.table.follow(row, slot)
    this.#rowOf.set(followed.connection, row)
    return followed
  }

  /** A new connection is ignored; `followRecent` finds it as long as it is one of the latest. */
  ignore(row: number): void {
    this.#recent[this.#recentAt] = row
    this.#recentAt = (this.#recentAt + 1) % RECENT
  }

  /**
   * Follows connections from here on that were ignored so far, if `wanted` says so by their ends and the time of their
   * first packet; newest first. Each goes to `found`. `ends` is overwritten by the next call.
   */
  followRecent(
    wanted: (ends: Ends, firstTime: number) => boolean,
    found: (connection: Connection, ends: Ends) => void,
  ): void {
    const { table } = this
    const ends = this.#ends
    for (let back = 1; back <= RECENT; back++) {
      const row = this.#recent[(this.#recentAt - back + RECENT) % RECENT]!
      if (row < 0) return
      if (table.followed(row) >= 0) continue
      table.readEnds(row, ends)
      if (wanted(ends, table.firstTime(row))) found(this.follow(row).connection, ends)
    }
  }

  /** Hands the payload of a followed connection that is only counted to `sink` from here on, or to nobody. */
  readPayload(connection: Connection, sink: PayloadSink | null): void {
    const row = this.#rowOf.get(connection)
    const followed = row === undefined ? null : this.followed[this.table.followed(row)]
    if (followed) followed.payload = sink && new PayloadReader(sink, this.shared)
  }

  /** The row of a followed connection; -1 after its release. */
  rowOf(connection: Connection): number {
    return this.#rowOf.get(connection) ?? -1
  }

  /**
   * The rows of the connections that a host opened, newest first, until `visit` returns false. Where rows had to give
   * way to others the older ones may be missing.
   */
  forEachRowOf(initiator: number, visit: (row: number) => boolean): void {
    const { table, byInitiator } = this
    let last = Infinity
    for (let row = byInitiator.newest(initiator); row >= 0; row = byInitiator.before(row)) {
      const frame = table.firstFrame(row)
      if (table.initiator(row) !== initiator || frame >= last || !visit(row)) return
      last = frame
    }
  }

  /** Stops following a connection: its counts become final; its row stays, for the numbering. */
  release(connection: Connection): void {
    const row = this.#rowOf.get(connection)
    if (row === undefined) return
    this.#rowOf.delete(connection)
    const slot = this.table.followed(row)
    const followed = this.followed[slot]
    followed?.finish()
    if (followed?.reader) this.#remember(row, followed)
    if (followed?.heldSyn) this.heldSyns.push(followed.heldSyn)
    this.followed[slot] = null
    this.table.set(row, factsOf(connection))
    this.#freeSlots.push(slot)
    this.table.follow(row, -1)
    // Its payload was offered for recognition already.
    this.table.set(row, RowState.InitiatorSniffed | RowState.ResponderSniffed)
  }

  /** How the connection ended that was read on a row until it was released; `null` where that is not known any more. */
  ended(row: number): EndedConnection | null {
    return this.#ended.get(row) ?? null
  }

  /** Reports what found no room. */
  recordFull(): void {
    recordRefused(this.shared, this.#anomalies)
    recordFull(this.table, this.#anomalies)
  }

  #remember(row: number, { connection }: FollowedConnection): void {
    this.table.set(row, RowState.WasRead)
    this.#ended.delete(row)
    this.#ended.set(row, {
      time: connection.last.time,
      sequences: lastSequences(connection),
      closed: connection.closed,
    })
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
  }
}

/** What the row of a connection keeps of it after its release, as bits of `RowState`. */
function factsOf({ flows, synAckAttempts, synAttempts }: Connection): number {
  return (
    RowState.Released |
    (flows[0].end > 0 || flows[1].end > 0 ? RowState.Carried : 0) |
    (synAckAttempts > 0 ? RowState.Accepted : 0) |
    (synAttempts > 1 ? RowState.Repeated : 0)
  )
}

/** Sequence numbers by direction that follow the last bytes, and those that were acknowledged. */
function lastSequences({ flows }: Connection): readonly [number, number] {
  const [initiator, responder] = flows
  return [lastSequence(initiator), lastSequence(responder)]
}

function lastSequence({ end, acknowledged, initialSequence }: Flow): number {
  return (initialSequence + 1 + Math.max(end, acknowledged)) >>> 0
}

/** Reports that packets of all connections found no room. */
function recordRefused({ most, refused }: SharedMemory, anomalies: AnomalyLog): void {
  if (refused === 0) return
  anomalies.record(
    'tcp-memory-full',
    null,
    () =>
      `tcp: more than ${most} bytes for packets of all connections that come very fast, out of order or doubtful: ` +
      `${refused} packets are not told from copies, or their gaps are not filled`,
  )
}
