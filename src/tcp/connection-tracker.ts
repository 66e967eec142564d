import type { AnomalyLog } from '../bytes/anomaly.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { Attention } from './attention.js'
import type { DialogueSink } from './causal-order.js'
import {
  correctSequences,
  goesOn,
  hasBegun,
  hasSent,
  initialSequence,
  isAfter,
  isOfAnother,
  mayGoOn,
} from './continuity.js'
import { type Connection, Direction } from './connection.js'
import { noteIcmpError } from './connection-facts.js'
import type { ConnectionRegistry } from './connection-registry.js'
import { RowState } from './connection-rows.js'
import type { ConnectionTable } from './connection-table.js'
import { Doubt } from './doubt.js'
import { noteConflict, noteDoubt } from './doubts.js'
import { type Ends, noEnds } from './ends.js'
import type { FollowedConnection } from './followed-connection.js'
import { HeldSyn, proofOf } from './held-syn.js'
import { isFromResponder, type PortRoles } from './initiator.js'
import { endsText, recordNotTaken } from './not-taken.js'
import { LEAST_QUIET_NS } from './reused-ports.js'
import { StreamReader } from './stream-reader.js'
import { WaitingStreams } from './waiting-streams.js'

/**
 * The next stage: decides which connections matter, and receives their events. `ends` is overwritten by the next call.
 */
export interface ConnectionListener {
  /** Are the ends reversed of a connection captured from its middle, where flags and ports do not show it? */
  isReversed?(ends: Ends): boolean
  /** A connection appeared: how closely is it to be followed? */
  opened(ends: Ends): Attention
  /**
   * First payload of a direction of an ignored connection, or first payload of a candidate's responder. `first` if the
   * other direction has carried none before; `port` is the responder's.
   */
  recognise(
    bytes: Uint8Array,
    start: number,
    end: number,
    direction: Direction,
    first: boolean,
    port: number,
  ): Attention
  /**
   * A connection is followed from here on: the next call after the `opened` or `recognise` that asked for it. For one
   * that is read, returns what takes its payload.
   */
  followed(connection: Connection, ends: Ends, attention: Attention): DialogueSink | null
  /** Both directions are closed, or it was reset; also when a RST turns out not to have been taken. */
  closed(connection: Connection): void
  /** It is over: its ports were reused, or the input ended. */
  finished(connection: Connection): void
}

export interface TrackerOptions extends PortRoles {
  /** Number of the first stream: those before belong to another tracker of the same input. */
  firstStream?: number
}

/** The flags that distinguish a SYN from a SYN,ACK. */
const OPENS = TcpFlag.Syn | TcpFlag.Ack

/**
 * Assigns packets to the connections of a registry and follows those that matter. Everything else costs one look-up in
 * a table of numbers; this is the hot path, so it makes no objects, strings or closures per packet.
 */
export class ConnectionTracker {
  readonly #connections: ConnectionRegistry
  readonly #listener: ConnectionListener
  readonly #anomalies: AnomalyLog
  readonly #options: TrackerOptions
  readonly #waiting: WaitingStreams
  readonly #table: ConnectionTable
  readonly #followed: readonly (FollowedConnection | null)[]
  readonly #ends = noEnds()
  #streams: number

  constructor(
    connections: ConnectionRegistry,
    listener: ConnectionListener,
    anomalies: AnomalyLog,
    options: TrackerOptions,
  ) {
    this.#connections = connections
    this.#listener = listener
    this.#anomalies = anomalies
    this.#options = options
    this.#waiting = new WaitingStreams(anomalies)
    this.#table = connections.table
    this.#followed = connections.followed
    this.#streams = options.firstStream ?? 0
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
    else if ((packet.flags & OPENS) === TcpFlag.Syn && this.#takesAside(packet, row)) return
    if (row < 0) return
    this.#connections.inFile.seen(row, this.#streams)
    const { direction } = table
    const seen = direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    if (!table.is(row, seen)) {
      table.set(row, seen)
      table.setSequence(row, direction, initialSequence(packet))
    }
    const slot = table.followed(row)
    if (slot >= 0) this.#ofFollowed(packet, row, direction, this.#followed[slot]!)
    else if (packet.payloadEnd > packet.payloadStart) this.#sniff(packet, row, direction)
    else if (packet.flags & TcpFlag.Syn) this.#note(packet, row)
  }

  #ofFollowed(packet: Packet, row: number, direction: Direction, followed: FollowedConnection): void {
    if (followed.heldSyn !== null || packet.time - followed.connection.last.time > LEAST_QUIET_NS) {
      if (this.#beginsAnother(packet, row, direction, followed)) return
    }
    if (this.#table.is(row, RowState.Candidate) && packet.payloadEnd > packet.payloadStart) {
      this.#reconsider(followed, packet, row, direction)
    }
    this.#take(followed, packet, direction)
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
    if (slot < 0) return
    const { direction } = this.#table
    const followed = this.#followed[slot]!
    if (!hasSent(followed, packet.sequence, direction)) noteDoubt(followed.connection, packet, direction, Doubt.Window)
    noteIcmpError(followed.connection, packet, direction)
  }

  /** Opens the connections of SYNs that were held in others, where those have been released since. */
  openHeld(): void {
    for (const { packet, row, stream } of this.#connections.heldSyns.splice(0)) {
      const { bytes, sourceAt, sourcePort, destinationAt, destinationPort, version } = packet
      const known = this.#table.find(bytes, sourceAt, sourcePort, destinationAt, destinationPort, version)
      if (known !== row || this.#table.followed(row) >= 0) continue
      this.#reopen(packet, row, stream)
      this.segment(packet)
    }
  }

  /** The input has ended. */
  end(): void {
    this.openHeld()
    // A SYN that nothing has followed since was one to a host that did not answer.
    for (const followed of this.#followed.slice()) if (followed?.heldSyn) this.#openHeld(followed, followed.heldSyn)
    // All counts are final before the first connection is judged: one may be another's data connection.
    for (const followed of this.#followed) followed?.finish()
    for (const followed of this.#followed) if (followed) this.#listener.finished(followed.connection)
    this.#connections.recordFull()
  }

  /** A row for a connection that begins with this packet; the table's `direction` is then the packet's. */
  #open(packet: Packet): number {
    const { addresses } = this.#connections
    const source = addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    const reversed = isFromResponder(packet, this.#options) ?? this.#isReversed(packet, source, destination)
    const table = this.#table
    const row = reversed
      ? table.add(destination, packet.destinationPort, source, packet.sourcePort)
      : table.add(source, packet.sourcePort, destination, packet.destinationPort)
    if (row < 0) return -1
    table.direction = reversed ? Direction.FromResponder : Direction.FromInitiator
    this.#start(packet, row, this.#streams++)
    return row
  }

  /** Row facts of a connection that begins with this packet, and the question whether it matters. */
  #start(packet: Packet, row: number, stream: number): void {
    const table = this.#table
    if ((packet.flags & OPENS) === TcpFlag.Syn) table.set(row, RowState.Opened)
    table.begin(row, stream, packet.frame, packet.time)
    table.readEnds(row, this.#ends)
    this.#connections.started(row, this.#ends.initiator, this.#streams)
    const attention = this.#listener.opened(this.#ends)
    if (attention === Attention.Counted) table.set(row, RowState.Announced)
    if (attention === Attention.Ignored) this.#connections.ignore(row)
    else this.#follow(row, attention)
  }

  /**
   * A SYN of known ends. With another initial sequence number it opens a new connection on the same ports, as Wireshark
   * counts it; inside an open connection it may not have been taken: then it is held until what follows shows that, and
   * this returns true.
   */
  #takesAside(packet: Packet, row: number): boolean {
    const table = this.#table
    const { direction } = table
    const seen = direction === Direction.FromInitiator ? RowState.InitiatorSeen : RowState.ResponderSeen
    if (!table.is(row, seen)) return false
    const slot = table.followed(row)
    const followed = slot < 0 ? null : this.#followed[slot]!
    if (table.sequence(row, direction) === packet.sequence) {
      // Generated captures give each connection the same number. Wireshark counts one.
      if (this.#isOver(row, followed, direction, packet.time)) this.#reopen(packet, row, table.stream(row))
      return false
    }
    if (followed?.refuses(packet, direction)) {
      this.#streams++
      return true
    }
    const held = followed?.heldSyn
    if (followed && held && (held.packet.sequence === packet.sequence || !hasBegun(followed.connection))) {
      // Its sender has not gone on with the old numbers: it really opens a connection.
      this.#openHeld(followed, held)
      this.segment(packet)
      return true
    }
    const stream = this.#streams++
    // In a connection that is ignored nothing can be held: the ends keep their roles where both have shown them.
    if (followed === null && direction === Direction.FromResponder && table.is(row, RowState.InitiatorSeen)) return true
    if (!followed || !mayGoOn(followed, packet.time)) {
      this.#reopen(packet, row, stream)
      return false
    }
    if (held) recordNotTaken(this.#anomalies, 'tcp-syn-not-taken', followed.connection, held.packet.frame)
    followed.heldSyn = new HeldSyn(packet, row, stream)
    return true
  }

  /** Whether the sender of a SYN had closed the connection before. */
  #isOver(row: number, followed: FollowedConnection | null, direction: Direction, time: number): boolean {
    if (followed === null) {
      const ended = this.#table.is(row, RowState.WasRead) ? this.#connections.ended(row) : null
      return ended !== null && ended.closed && time - ended.time > LEAST_QUIET_NS
    }
    const { fin } = followed.connection.flows[direction]
    return fin !== null && time - fin.time > LEAST_QUIET_NS
  }

  /** Whether a packet belongs to another connection than the one followed so far; then it has been taken. */
  #beginsAnother(packet: Packet, row: number, direction: Direction, followed: FollowedConnection): boolean {
    const { heldSyn } = followed
    const proof = heldSyn === null ? null : proofOf(heldSyn, packet, goesOn(followed, packet, direction))
    if (proof === 'refused') {
      recordNotTaken(this.#anomalies, 'tcp-syn-not-taken', followed.connection, heldSyn!.packet.frame)
      followed.heldSyn = null
    }
    if (proof === 'taken') this.#openHeld(followed, heldSyn!)
    else if (isOfAnother(followed, packet, direction)) this.#renew(packet, row)
    else return false
    this.segment(packet)
    return true
  }

  /** A SYN or SYN,ACK of a connection that is not followed. */
  #note(packet: Packet, row: number): void {
    if (packet.flags & TcpFlag.Ack) this.#resume(packet, row)
    else if (this.#table.synAttempts(row) < 255) this.#table.countSyn(row)
  }

  /** A packet on the ports of a connection that was read and is over: it may be the first of another one. */
  #resume(packet: Packet, row: number): void {
    // Its row may have been given to another connection since.
    const ended = this.#table.is(row, RowState.WasRead) ? this.#connections.ended(row) : null
    if (ended === null || !isAfter(ended, packet, this.#table.direction)) return
    this.#renew(packet, row)
    this.segment(packet)
  }

  /** The SYN that is held opens a new connection. */
  #openHeld(followed: FollowedConnection, { packet, row, stream }: HeldSyn): void {
    followed.heldSyn = null
    this.#reopen(packet, row, stream)
    this.segment(packet)
  }

  #reopen(packet: Packet, row: number, stream: number): void {
    const table = this.#table
    const { addresses } = this.#connections
    const source = addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    this.#release(row)
    table.reopen(row, source, packet.sourcePort, destination, packet.destinationPort)
    table.direction = Direction.FromInitiator
    this.#start(packet, row, stream)
  }

  /** A connection between the same ends begins in its middle. Wireshark counts one connection until there is a SYN. */
  #renew(packet: Packet, row: number): void {
    const table = this.#table
    const { direction } = table
    this.#release(row)
    table.reopen(row, table.initiator(row), table.initiatorPort(row), table.responder(row), table.responderPort(row))
    table.direction = direction
    this.#start(packet, row, table.stream(row))
    table.direction = direction
  }

  #release(row: number): void {
    const slot = this.#table.followed(row)
    if (slot < 0) return
    const { connection } = this.#followed[slot]!
    this.#connections.release(connection)
    this.#listener.finished(connection)
  }

  /** Follows the connection of a row from here on. */
  #follow(row: number, attention: Attention): FollowedConnection {
    const followed = this.#connections.follow(row)
    if (attention === Attention.Candidate) this.#table.set(row, RowState.Candidate)
    this.#announce(followed, row, attention)
    return followed
  }

  /** Informs the listener of a followed connection; one that it wants to read gets a reader. */
  #announce(followed: FollowedConnection, row: number, attention: Attention): void {
    const { connection } = followed
    this.#table.readEnds(row, this.#ends)
    const sink = this.#listener.followed(connection, this.#ends, attention)
    if (!sink) return
    followed.reader = new StreamReader(sink, this.#waiting, (sender, offset, frame, earlier) => {
      noteConflict(connection, sender, frame, earlier)
      this.#anomalies.record(
        'tcp-overlap-conflict',
        frame,
        () =>
          `tcp: ${endsText(connection)}: bytes at offset ${offset} were retransmitted with different content; ` +
          'the first were kept',
      )
    })
  }

  /** First payload of the responder on a candidate: is it worth reading? */
  #reconsider(followed: FollowedConnection, packet: Packet, row: number, direction: Direction): void {
    if (direction === Direction.FromInitiator) return
    this.#table.clear(row, RowState.Candidate)
    const first = followed.connection.flows[Direction.FromInitiator].firstData === null
    const attention = this.#recognise(packet, row, direction, first)
    if (attention === Attention.Read) this.#announce(followed, row, attention)
  }

  /** First payload of a direction of an ignored connection: does it matter after all? */
  #sniff(packet: Packet, row: number, direction: Direction): void {
    const bit = direction === Direction.FromInitiator ? RowState.InitiatorSniffed : RowState.ResponderSniffed
    if (this.#table.is(row, bit)) {
      this.#resume(packet, row)
      return
    }
    this.#table.set(row, bit)
    const other = direction === Direction.FromInitiator ? RowState.ResponderSniffed : RowState.InitiatorSniffed
    const attention = this.#recognise(packet, row, direction, !this.#table.is(row, other))
    if (attention === Attention.Ignored) return
    correctSequences(this.#table, row, packet, direction)
    this.#take(this.#follow(row, attention), packet, direction)
  }

  #recognise(packet: Packet, row: number, direction: Direction, first: boolean): Attention {
    const { bytes, payloadStart, payloadEnd } = packet
    this.#table.readEnds(row, this.#ends)
    return this.#listener.recognise(bytes, payloadStart, payloadEnd, direction, first, this.#ends.responderPort)
  }

  #take(followed: FollowedConnection, packet: Packet, direction: Direction): void {
    if (followed.segment(packet, direction)) this.#listener.closed(followed.connection)
  }

  /** Asks the listener who is the responder, where the packet does not show it. */
  #isReversed(packet: Packet, source: number, destination: number): boolean {
    const ends = this.#ends
    ends.initiator = source
    ends.initiatorPort = packet.sourcePort
    ends.responder = destination
    ends.responderPort = packet.destinationPort
    return this.#listener.isReversed?.(ends) ?? false
  }
}
