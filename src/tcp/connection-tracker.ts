import type { AnomalyLog } from '../bytes/anomaly.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { AddressTable } from './address-table.js'
import type { DialogueSink } from './causal-order.js'
import { type Connection, Direction } from './connection.js'
import { RowState } from './connection-rows.js'
import { ConnectionTable } from './connection-table.js'
import type { FollowedConnection } from './followed-connection.js'
import { Attention } from './attention.js'
import { noteIcmpError } from './connection-facts.js'
import { follow } from './follow.js'
import { isFromResponder, type PortRoles } from './initiator.js'
import { StreamReader } from './stream-reader.js'
import { WaitingStreams } from './waiting-streams.js'

/** Both ends of a connection that is about to be judged, as ids of the address table. */
export interface Ends {
  initiator: number
  initiatorPort: number
  responder: number
  responderPort: number
}

/** The stage behind: says what matters, and takes what comes of it. */
export interface ConnectionListener {
  /** Of a connection captured from its middle, whose ports do not tell who is the responder: are its ends the other way round? */
  isReversed?(ends: Ends): boolean
  /** A connection appeared: how closely is it to be followed? `ends` is overwritten by the next call. */
  opened(ends: Ends): Attention
  /** First payload of a direction of a connection that is ignored so far. */
  recognise(bytes: Uint8Array, start: number, end: number, direction: Direction): Attention
  /** A connection is followed from here on. For one that is read, returns who takes its payload. */
  followed(connection: Connection, ends: Ends, interest: Attention): DialogueSink | null
  /** Both directions are closed, or it was reset. */
  closed(connection: Connection): void
  /** Nothing more will come of it: its ports were used again, or the input ended. */
  finished(connection: Connection): void
}

export interface TrackerOptions extends PortRoles {
  /** Rows of the connection table. */
  maxConnections: number
  /** Number of the first stream: those before belong to another tracker of the same input. */
  firstStream?: number
}

/** What tells the packet that opens a connection. */
const OPENS = TcpFlag.Syn | TcpFlag.Ack
/** Ignored connections seen last, which an announcement captured late may still turn out to mean. */
const RECENT = 1024

/**
 * Assigns packets to connections and follows those that matter. Everything else costs one look-up in a table of numbers; this is the
 * hot path, so it makes no objects, strings or closures per packet.
 */
export class ConnectionTracker {
  readonly addresses = new AddressTable()
  readonly #table: ConnectionTable
  readonly #listener: ConnectionListener
  readonly #anomalies: AnomalyLog
  readonly #waiting: WaitingStreams
  readonly #options: TrackerOptions
  readonly #followed: (FollowedConnection | null)[] = []
  readonly #freeSlots: number[] = []
  readonly #rowOf = new Map<Connection, number>()
  readonly #ends: Ends = { initiator: 0, initiatorPort: 0, responder: 0, responderPort: 0 }
  readonly #recent = new Int32Array(RECENT).fill(-1)
  #recentAt = 0
  #streams: number

  constructor(listener: ConnectionListener, anomalies: AnomalyLog, options: TrackerOptions) {
    this.#listener = listener
    this.#anomalies = anomalies
    this.#waiting = new WaitingStreams(anomalies)
    this.#options = options
    this.#streams = options.firstStream ?? 0
    this.#table = new ConnectionTable(this.addresses, options.maxConnections)
  }

  /** Connections numbered so far. */
  get streams(): number {
    return this.#streams
  }

  /** Takes a TCP segment. */
  segment(packet: Packet): void {
    const table = this.#table
    let row = table.find(
      packet.bytes,
      packet.sourceAt,
      packet.sourcePort,
      packet.destinationAt,
      packet.destinationPort,
      packet.version,
    )
    if (row < 0) row = this.#open(packet)
    else if ((packet.flags & OPENS) === TcpFlag.Syn && this.#isReuse(packet, row)) this.#reopen(packet, row)
    if (row < 0) return
    const { direction } = table
    const seen = direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    if (!table.is(row, seen)) {
      table.set(row, seen)
      table.setSequence(row, direction, initialSequence(packet))
    }
    const slot = table.followed(row)
    if (slot >= 0) {
      const followed = this.#followed[slot]!
      if (table.is(row, RowState.Candidate) && packet.payloadEnd > packet.payloadStart) {
        this.#watch(followed, packet, row, direction)
      }
      this.#follow(followed, packet, direction)
    } else if (packet.payloadEnd > packet.payloadStart) this.#sniff(packet, row, direction)
    else if ((packet.flags & OPENS) === TcpFlag.Syn && table.synAttempts(row) < 255) table.countSyn(row)
  }

  /** Takes an ICMP error: it belongs to the connection that it quotes. */
  icmpError(packet: Packet): void {
    const { bytes, quotedSourceAt, sourcePort, version } = packet
    const row = this.#table.find(
      bytes,
      quotedSourceAt,
      sourcePort,
      packet.quotedDestinationAt,
      packet.destinationPort,
      version,
    )
    const slot = row < 0 ? -1 : this.#table.followed(row)
    if (slot >= 0) noteIcmpError(this.#followed[slot]!.connection, packet, this.#table.direction)
  }

  /** Follows connections from here on that were ignored so far, if `wanted` says so by their ends and first packet's time; newest first. */
  promoteRecent(interest: Attention, wanted: (ends: Ends, firstTime: number) => boolean): void {
    for (let back = 1; back <= RECENT; back++) {
      const row = this.#recent[(this.#recentAt - back + RECENT) % RECENT]!
      if (row < 0) return
      if (this.#table.followed(row) >= 0) continue
      this.#setEnds(row)
      if (wanted(this.#ends, this.#table.firstTime(row))) this.#promote(row, interest)
    }
  }

  /** The listener has no more use for a connection: its counts become final; its row stays, for the numbering. */
  release(connection: Connection): void {
    const row = this.#rowOf.get(connection)
    if (row === undefined) return
    this.#rowOf.delete(connection)
    const slot = this.#table.followed(row)
    this.#followed[slot]?.finish()
    this.#followed[slot] = null
    this.#freeSlots.push(slot)
    this.#table.follow(row, -1)
    // It was looked at already: its payload need not be offered again.
    this.#table.set(row, RowState.InitiatorSniffed | RowState.ResponderSniffed)
  }

  /** The input has ended. */
  end(): void {
    // All counts are final before the first connection is judged: one may be another's data connection.
    for (const followed of this.#followed) followed?.finish()
    for (const followed of this.#followed) if (followed) this.#listener.finished(followed.connection)
    const { cap, evicted, turnedAway } = this.#table
    if (evicted + turnedAway > 0) {
      this.#anomalies.record(
        'connection-table-full',
        null,
        () =>
          `tcp: more than ${cap} connections: ${evicted} of the oldest were forgotten, packets of ${turnedAway} new ones left out, stream numbers behind them differ from Wireshark's`,
      )
    }
  }

  /** A row for a connection that begins with this packet; the table's `direction` is then the packet's. */
  #open(packet: Packet): number {
    const source = this.addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = this.addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    const reversed = isFromResponder(packet, this.#options) ?? this.#isReversed(packet, source, destination)
    const table = this.#table
    const row = reversed
      ? table.add(destination, packet.destinationPort, source, packet.sourcePort)
      : table.add(source, packet.sourcePort, destination, packet.destinationPort)
    if (row < 0) return -1
    table.direction = reversed ? Direction.FromResponder : Direction.FromInitiator
    this.#start(packet, row)
    return row
  }

  /** Row facts of a connection that begins with this packet, and the question whether it matters. */
  #start(packet: Packet, row: number): void {
    const table = this.#table
    if ((packet.flags & OPENS) === TcpFlag.Syn) table.set(row, RowState.Opened)
    table.begin(row, this.#streams++, packet.frame, packet.time)
    this.#setEnds(row)
    const interest = this.#listener.opened(this.#ends)
    if (interest !== Attention.Ignored) this.#promote(row, interest)
    else {
      this.#recent[this.#recentAt] = row
      this.#recentAt = (this.#recentAt + 1) % RECENT
    }
  }

  /** A SYN with another initial sequence number opens a new connection on the same ports, as Wireshark counts it. */
  #isReuse(packet: Packet, row: number): boolean {
    const table = this.#table
    const seen = table.direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    return table.is(row, seen) && table.sequence(row, table.direction) !== packet.sequence
  }

  #reopen(packet: Packet, row: number): void {
    const table = this.#table
    const source = this.addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = this.addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    const slot = table.followed(row)
    if (slot >= 0) {
      const { connection } = this.#followed[slot]!
      this.release(connection)
      this.#listener.finished(connection)
    }
    table.reopen(row, source, packet.sourcePort, destination, packet.destinationPort)
    table.direction = Direction.FromInitiator
    this.#start(packet, row)
  }

  #promote(row: number, interest: Attention): FollowedConnection {
    const table = this.#table
    this.#setEnds(row)
    const followed = follow(table, row, this.addresses)
    const slot = this.#freeSlots.pop() ?? this.#followed.length
    this.#followed[slot] = followed
    table.follow(row, slot)
    this.#rowOf.set(followed.connection, row)
    if (interest === Attention.Candidate) table.set(row, RowState.Candidate)
    this.#announce(followed, interest)
    return followed
  }

  /** Tells the listener of a followed connection; one that it wants to read gets a reader. `#ends` are the connection's. */
  #announce(followed: FollowedConnection, interest: Attention): void {
    const { connection } = followed
    const sink = this.#listener.followed(connection, this.#ends, interest)
    if (!sink) return
    followed.reader = new StreamReader(sink, this.#waiting, (offset, frame) => {
      this.#anomalies.record(
        'tcp-overlap-conflict',
        frame,
        () =>
          `tcp: ${endsText(connection)}: bytes at offset ${offset} were sent again with other content; the first were kept`,
      )
    })
  }

  /** First payload of the responder on a connection that is measured only because of its hosts. */
  #watch(followed: FollowedConnection, packet: Packet, row: number, direction: Direction): void {
    if (direction === Direction.FromInitiator) return
    this.#table.clear(row, RowState.Candidate)
    const interest = this.#listener.recognise(packet.bytes, packet.payloadStart, packet.payloadEnd, direction)
    if (interest !== Attention.Read) return
    this.#setEnds(row)
    this.#announce(followed, interest)
  }

  #sniff(packet: Packet, row: number, direction: Direction): void {
    const bit = direction === Direction.FromInitiator ? RowState.InitiatorSniffed : RowState.ResponderSniffed
    if (this.#table.is(row, bit)) return
    this.#table.set(row, bit)
    const interest = this.#listener.recognise(packet.bytes, packet.payloadStart, packet.payloadEnd, direction)
    if (interest !== Attention.Ignored) this.#follow(this.#promote(row, interest), packet, direction)
  }

  #follow(followed: FollowedConnection, packet: Packet, direction: Direction): void {
    if (followed.segment(packet, direction)) this.#listener.closed(followed.connection)
  }

  #setEnds(row: number): void {
    this.#ends.initiator = this.#table.initiator(row)
    this.#ends.initiatorPort = this.#table.initiatorPort(row)
    this.#ends.responder = this.#table.responder(row)
    this.#ends.responderPort = this.#table.responderPort(row)
  }

  /** Asks the listener who is the responder, where the packet does not tell. */
  #isReversed(packet: Packet, source: number, destination: number): boolean {
    const ends = this.#ends
    ends.initiator = source
    ends.initiatorPort = packet.sourcePort
    ends.responder = destination
    ends.responderPort = packet.destinationPort
    return this.#listener.isReversed?.(ends) ?? false
  }
}

function endsText({ initiator, responder }: Connection): string {
  return `${initiator.address} port ${initiator.port} and ${responder.address} port ${responder.port}`
}

/** Of the SYN, or one less than the first sequence number of a direction captured from its middle. */
function initialSequence(packet: Packet): number {
  return packet.flags & TcpFlag.Syn ? packet.sequence : (packet.sequence - 1) >>> 0
}
