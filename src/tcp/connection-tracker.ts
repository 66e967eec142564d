import type { AnomalyLog } from '../bytes/anomaly.js'
import { addressText } from '../wire/address.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { AddressTable } from './address-table.js'
import type { DialogueSink } from './causal-order.js'
import { Connection, Direction, isUnanswered, SIGHTINGS } from './connection.js'
import { ConnectionTable, Interest, RowState } from './connection-table.js'
import { FollowedConnection } from './followed-connection.js'
import { StreamReader } from './stream-reader.js'

/** Both ends of a connection that is about to be judged, as ids of the address table. */
export interface Ends {
  client: number
  clientPort: number
  server: number
  serverPort: number
}

/** The stage behind: says what matters, and takes what comes of it. */
export interface ConnectionListener {
  /** A connection appeared: how closely is it to be followed? `ends` is overwritten by the next call. */
  opened(ends: Ends): Interest
  /** First payload of a direction of a connection that is ignored so far. */
  recognise(bytes: Uint8Array, start: number, end: number, direction: Direction): Interest
  /** A connection is followed from here on. For one that is read, returns who takes its payload. */
  followed(connection: Connection, ends: Ends, interest: Interest): DialogueSink | null
  /** Both directions are closed, or it was reset. */
  closed(connection: Connection): void
  /** Nothing more will come of it: its ports were used again, or the input ended. */
  finished(connection: Connection): void
}

export interface TrackerOptions {
  /** Rows of the connection table. */
  maxConnections: number
  /** Ports that only servers use: who is which in a connection captured from its middle. */
  serverPorts: ReadonlySet<number>
  /** Ports below 1024 that initiators use all the same. */
  initiatorPorts: ReadonlySet<number>
}

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
  readonly #options: TrackerOptions
  readonly #followed: (FollowedConnection | null)[] = []
  readonly #freeSlots: number[] = []
  readonly #rowOf = new Map<Connection, number>()
  readonly #ends: Ends = { client: 0, clientPort: 0, server: 0, serverPort: 0 }
  readonly #recent = new Int32Array(RECENT).fill(-1)
  #recentAt = 0
  #streams = 0

  constructor(listener: ConnectionListener, anomalies: AnomalyLog, options: TrackerOptions) {
    this.#listener = listener
    this.#anomalies = anomalies
    this.#options = options
    this.#table = new ConnectionTable(this.addresses, options.maxConnections)
  }

  /** Takes a TCP segment. */
  segment(packet: Packet): void {
    const source = this.addresses.intern(packet.bytes, packet.sourceAt, packet.version)
    const destination = this.addresses.intern(packet.bytes, packet.destinationAt, packet.version)
    const table = this.#table
    let row = table.find(source, packet.sourcePort, destination, packet.destinationPort)
    if (row < 0) row = this.#open(packet, source, destination)
    else if (this.#isReuse(packet, row, source)) this.#reopen(packet, row, source, destination)
    if (row < 0) return
    const direction = this.#directionOf(row, source, packet.sourcePort)
    if (direction === Direction.FromClient) {
      if (!(table.state[row]! & RowState.ClientSeen)) {
        table.state[row]! |= RowState.ClientSeen
        table.clientSequence[row] = initialSequence(packet)
      }
    } else if (!(table.state[row]! & RowState.ServerSeen)) {
      table.state[row]! |= RowState.ServerSeen
      table.serverSequence[row] = initialSequence(packet)
    }
    const slot = table.followed[row]!
    if (slot >= 0) this.#follow(this.#followed[slot]!, packet, direction)
    else if (packet.payloadEnd > packet.payloadStart) this.#sniff(packet, row, direction)
    else if ((packet.flags & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn && table.synAttempts[row]! < 255) {
      table.synAttempts[row]!++
    }
  }

  /** Takes an ICMP error: it belongs to the connection that it quotes. */
  icmpError(packet: Packet): void {
    const source = this.addresses.find(packet.bytes, packet.quotedSourceAt, packet.version)
    const destination = this.addresses.find(packet.bytes, packet.quotedDestinationAt, packet.version)
    if (source < 0 || destination < 0) return
    const row = this.#table.find(source, packet.sourcePort, destination, packet.destinationPort)
    const slot = row < 0 ? -1 : this.#table.followed[row]!
    if (slot < 0) return
    const { connection } = this.#followed[slot]!
    if (connection.icmpErrors.length >= SIGHTINGS) return
    const quoted = this.#directionOf(row, source, packet.sourcePort)
    connection.icmpErrors.push({
      frame: packet.frame,
      time: packet.time,
      version: packet.version === 6 ? 6 : 4,
      type: packet.icmpType,
      code: packet.icmpCode,
      from: addressText(packet.bytes, packet.sourceAt, packet.version),
      hopLimit: packet.hopLimit,
      quoted,
      mtu: packet.icmpMtu,
      quotesSyn: quoted === Direction.FromClient && isUnanswered(connection),
    })
  }

  /** Follows connections from here on that were ignored so far, if `wanted` says so by their ends and first packet's time; newest first. */
  promoteRecent(interest: Interest, wanted: (ends: Ends, firstTime: number) => boolean): void {
    for (let back = 1; back <= RECENT; back++) {
      const row = this.#recent[(this.#recentAt - back + RECENT) % RECENT]!
      if (row < 0) return
      if (this.#table.followed[row]! >= 0) continue
      this.#setEnds(row)
      if (wanted(this.#ends, this.#table.firstTime[row]!)) this.#promote(row, interest)
    }
  }

  /** The listener has no more use for a connection: its counts become final; its row stays, for the numbering. */
  release(connection: Connection): void {
    const row = this.#rowOf.get(connection)
    if (row === undefined) return
    this.#rowOf.delete(connection)
    const slot = this.#table.followed[row]!
    this.#followed[slot]?.finish()
    this.#followed[slot] = null
    this.#freeSlots.push(slot)
    this.#table.followed[row] = -1
    // It was looked at already: its payload need not be offered again.
    this.#table.state[row]! |= RowState.ClientSniffed | RowState.ServerSniffed
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

  #open(packet: Packet, source: number, destination: number): number {
    const reversed = this.#isFromServer(packet)
    const row = reversed
      ? this.#table.add(destination, packet.destinationPort, source, packet.sourcePort)
      : this.#table.add(source, packet.sourcePort, destination, packet.destinationPort)
    if (row < 0) return -1
    this.#start(packet, row)
    return row
  }

  /** Row facts of a connection that begins with this packet, and the question whether it matters. */
  #start(packet: Packet, row: number): void {
    const table = this.#table
    table.stream[row] = this.#streams++
    table.state[row] = (packet.flags & (TcpFlag.Syn | TcpFlag.Ack)) === TcpFlag.Syn ? RowState.Opened : 0
    table.firstFrame[row] = packet.frame
    table.firstTime[row] = packet.time
    table.synAttempts[row] = 0
    this.#setEnds(row)
    const interest = this.#listener.opened(this.#ends)
    if (interest !== Interest.Ignored) this.#promote(row, interest)
    else {
      this.#recent[this.#recentAt] = row
      this.#recentAt = (this.#recentAt + 1) % RECENT
    }
  }

  /** A SYN with another initial sequence number opens a new connection on the same ports, as Wireshark counts it. */
  #isReuse(packet: Packet, row: number, source: number): boolean {
    if ((packet.flags & (TcpFlag.Syn | TcpFlag.Ack)) !== TcpFlag.Syn) return false
    const table = this.#table
    const isClient = this.#directionOf(row, source, packet.sourcePort) === Direction.FromClient
    const seen = isClient ? RowState.ClientSeen : RowState.ServerSeen
    const sequence = isClient ? table.clientSequence[row] : table.serverSequence[row]
    return (table.state[row]! & seen) !== 0 && sequence !== packet.sequence
  }

  #reopen(packet: Packet, row: number, source: number, destination: number): void {
    const table = this.#table
    const slot = table.followed[row]!
    if (slot >= 0) {
      const { connection } = this.#followed[slot]!
      this.release(connection)
      this.#listener.finished(connection)
    }
    table.client[row] = source
    table.clientPort[row] = packet.sourcePort
    table.server[row] = destination
    table.serverPort[row] = packet.destinationPort
    this.#start(packet, row)
  }

  #promote(row: number, interest: Interest): FollowedConnection {
    const table = this.#table
    this.#setEnds(row)
    const first = { frame: table.firstFrame[row]!, time: table.firstTime[row]! }
    const endpoint = (id: number, port: number) => {
      const version = this.addresses.version(id)
      return { address: addressText(this.addresses.bytes(id), 0, version), port }
    }
    const connection = new Connection(
      table.stream[row]!,
      this.addresses.version(table.client[row]!),
      endpoint(table.client[row]!, table.clientPort[row]!),
      endpoint(table.server[row]!, table.serverPort[row]!),
      first,
    )
    connection.midstream = !(table.state[row]! & RowState.Opened)
    const followed = new FollowedConnection(connection)
    if (table.synAttempts[row]! > 0) {
      connection.syns.push({ ...first })
      connection.synAttempts = table.synAttempts[row]!
    }
    if (table.state[row]! & RowState.ClientSeen) followed.resume(Direction.FromClient, table.clientSequence[row]!)
    if (table.state[row]! & RowState.ServerSeen) {
      followed.resume(Direction.FromServer, table.serverSequence[row]!)
      // Its SYN,ACK went by unrecorded while the connection was ignored; the handshake was complete when payload came.
      if (connection.synAttempts > 0) connection.established = { ...first }
    }
    const slot = this.#freeSlots.pop() ?? this.#followed.length
    this.#followed[slot] = followed
    table.followed[row] = slot
    this.#rowOf.set(connection, row)
    const sink = this.#listener.followed(connection, this.#ends, interest)
    if (sink) {
      followed.reader = new StreamReader(sink, (offset, frame) => {
        this.#anomalies.record(
          'tcp-overlap-conflict',
          frame,
          () =>
            `tcp: stream ${connection.tcpStream}: bytes at offset ${offset} were sent again with other content; the first were kept`,
        )
      })
    }
    return followed
  }

  #sniff(packet: Packet, row: number, direction: Direction): void {
    const bit = direction === Direction.FromClient ? RowState.ClientSniffed : RowState.ServerSniffed
    if (this.#table.state[row]! & bit) return
    this.#table.state[row]! |= bit
    const interest = this.#listener.recognise(packet.bytes, packet.payloadStart, packet.payloadEnd, direction)
    if (interest !== Interest.Ignored) this.#follow(this.#promote(row, interest), packet, direction)
  }

  #follow(followed: FollowedConnection, packet: Packet, direction: Direction): void {
    if (followed.segment(packet, direction)) this.#listener.closed(followed.connection)
  }

  /** The port is asked too: both ends may be the same host. */
  #directionOf(row: number, source: number, port: number): Direction {
    const table = this.#table
    return table.client[row] === source && table.clientPort[row] === port ? Direction.FromClient : Direction.FromServer
  }

  #setEnds(row: number): void {
    this.#ends.client = this.#table.client[row]!
    this.#ends.clientPort = this.#table.clientPort[row]!
    this.#ends.server = this.#table.server[row]!
    this.#ends.serverPort = this.#table.serverPort[row]!
  }

  /** Whether the first packet seen of a connection was sent by its server. */
  #isFromServer(packet: Packet): boolean {
    if (packet.flags & TcpFlag.Syn) return (packet.flags & TcpFlag.Ack) !== 0
    const { serverPorts, initiatorPorts } = this.#options
    if (serverPorts.has(packet.destinationPort)) return false
    if (serverPorts.has(packet.sourcePort)) return true
    if (initiatorPorts.has(packet.sourcePort)) return false
    if (initiatorPorts.has(packet.destinationPort)) return true
    return packet.sourcePort < 1024 && packet.destinationPort >= 1024
  }
}

/** Of the SYN, or one less than the first sequence number of a direction captured from its middle. */
function initialSequence(packet: Packet): number {
  return packet.flags & TcpFlag.Syn ? packet.sequence : (packet.sequence - 1) >>> 0
}
