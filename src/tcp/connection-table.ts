import { type AddressTable, addressWord } from './address-table.js'
import { Direction } from './connection.js'

/** How closely a connection is followed. */
export const Interest = {
  /** A row of the table: nothing but what numbering and a later promotion need. */
  Ignored: 0,
  /** Counted: bytes, gaps, retransmissions, close; its payload is never looked at. */
  Measured: 1,
  /** Measured, and its first payload is offered for recognition: it may turn out to be worth reading. */
  Watched: 2,
  /** Measured, and its payload is handed on in order. */
  Read: 3,
} as const
export type Interest = (typeof Interest)[keyof typeof Interest]

/** Bits of a row's state. */
export const RowState = {
  /** The first packet was a SYN. */
  Opened: 1,
  /** Sequence number of the client / of the server is known. */
  ClientSeen: 2,
  ServerSeen: 4,
  /** Payload of the client / of the server was offered for recognition. */
  ClientSniffed: 8,
  ServerSniffed: 16,
  /** Followed, and the server's first payload is still to be offered. */
  Watched: 32,
} as const

/** Words of a row: as much as one line of a processor's cache, so that a packet costs one look into memory, not one per column. */
const ROW = 16
/** What a packet is compared with: the addresses' words and both ports, the client's in the upper half. */
const CLIENT_WORD = 0
const SERVER_WORD = 1
const PORTS = 2
const NEXT = 3
const FOLLOWED = 4
const STATE = 5
/** By direction: the client's, then the server's. */
const SEQUENCES = 6
const CLIENT = 8
const SERVER = 9
const STREAM = 10
const FIRST_FRAME = 11
const SYN_ATTEMPTS = 12
/** In 8-byte units: it takes words 14 and 15. */
const FIRST_TIME = 7
const ROW_OF_DOUBLES = ROW / 2

/** Rows found last that are looked at first; a power of two. */
const LATEST = 4096

/** Bit of the state beside those of `RowState`. */
const VERSION_6 = 64

/**
 * All TCP connections of the input as rows of one typed array: 64 bytes each, no object. A row stays after its connection has
 * closed, so that late packets keep the stream number that Wireshark gives them; when the cap is reached the oldest rows go.
 */
export class ConnectionTable {
  readonly cap: number
  /** Rows that gave way to others because the cap was reached. */
  evicted = 0
  /** Connections that got no row because all that were tried are followed. */
  turnedAway = 0
  readonly #addresses: AddressTable
  #capacity = 1024
  #used = 0
  #hand = 0
  #buckets = new Int32Array(this.#capacity).fill(-1)
  #words = new Int32Array(this.#capacity * ROW)
  #doubles = new Float64Array(this.#words.buffer)
  /** Rows found last, by hash: small enough to stay in a processor's cache, which the table itself is not. */
  readonly #latest = new Int32Array(LATEST).fill(-1)

  constructor(addresses: AddressTable, cap: number) {
    this.#addresses = addresses
    this.cap = cap
  }

  get size(): number {
    return this.#used
  }

  /** Id of the client's address. */
  client(row: number): number {
    return this.#words[row * ROW + CLIENT]!
  }

  server(row: number): number {
    return this.#words[row * ROW + SERVER]!
  }

  clientPort(row: number): number {
    return this.#words[row * ROW + PORTS]! >>> 16
  }

  serverPort(row: number): number {
    return this.#words[row * ROW + PORTS]! & 0xffff
  }

  /** Index into the tracker's followed connections, -1 for a row that is ignored. */
  followed(row: number): number {
    return this.#words[row * ROW + FOLLOWED]!
  }

  follow(row: number, slot: number): void {
    this.#words[row * ROW + FOLLOWED] = slot
  }

  /** Whether any of these bits of `RowState` is set. */
  is(row: number, bits: number): boolean {
    return (this.#words[row * ROW + STATE]! & bits) !== 0
  }

  set(row: number, bits: number): void {
    this.#words[row * ROW + STATE]! |= bits
  }

  clear(row: number, bits: number): void {
    this.#words[row * ROW + STATE]! &= ~bits
  }

  /** Initial sequence number of a direction; meaningless until that is seen. */
  sequence(row: number, direction: Direction): number {
    return this.#words[row * ROW + SEQUENCES + direction]! >>> 0
  }

  setSequence(row: number, direction: Direction, sequence: number): void {
    this.#words[row * ROW + SEQUENCES + direction] = sequence
  }

  stream(row: number): number {
    return this.#words[row * ROW + STREAM]! >>> 0
  }

  firstFrame(row: number): number {
    return this.#words[row * ROW + FIRST_FRAME]! >>> 0
  }

  firstTime(row: number): number {
    return this.#doubles[row * ROW_OF_DOUBLES + FIRST_TIME]!
  }

  /** The connection of a row begins with this packet. */
  begin(row: number, stream: number, frame: number, time: number): void {
    const at = row * ROW
    this.#words[at + STREAM] = stream
    this.#words[at + FIRST_FRAME] = frame
    this.#doubles[row * ROW_OF_DOUBLES + FIRST_TIME] = time
  }

  synAttempts(row: number): number {
    return this.#words[row * ROW + SYN_ATTEMPTS]!
  }

  countSyn(row: number): void {
    this.#words[row * ROW + SYN_ATTEMPTS]!++
  }

  /**
   * Row of the connection between two endpoints, in whichever direction; -1 when there is none. Addresses are those at two places
   * of `bytes`: most packets are of connections that are known, and these need no look at the table of addresses.
   */
  find(
    bytes: Uint8Array,
    sourceAt: number,
    sourcePort: number,
    destinationAt: number,
    destinationPort: number,
    version: number,
  ): number {
    const words = this.#words
    const source = addressWord(bytes, sourceAt, version)
    const destination = addressWord(bytes, destinationAt, version)
    const forward = (sourcePort << 16) | destinationPort
    const backward = (destinationPort << 16) | sourcePort
    const hash = hashEnds(source, sourcePort, destination, destinationPort)
    const latest = hash & (LATEST - 1)
    // First the row found last under this hash, then the bucket's chain.
    let row = this.#latest[latest]!
    let first = row >= 0
    if (!first) row = this.#buckets[hash & (this.#capacity - 1)]!
    while (row >= 0) {
      const at = row * ROW
      const ports = words[at + PORTS]!
      if (ports === forward && words[at + CLIENT_WORD] === source && words[at + SERVER_WORD] === destination) {
        if (this.#isBetween(row, bytes, sourceAt, destinationAt, version)) break
      }
      if (ports === backward && words[at + CLIENT_WORD] === destination && words[at + SERVER_WORD] === source) {
        if (this.#isBetween(row, bytes, destinationAt, sourceAt, version)) break
      }
      row = first ? this.#buckets[hash & (this.#capacity - 1)]! : words[at + NEXT]!
      first = false
    }
    if (row >= 0) this.#latest[latest] = row
    return row
  }

  /** Which end of a row's connection sent a packet that `find` has found it by. The port is asked too: both ends may be the same host. */
  direction(row: number, bytes: Uint8Array, sourceAt: number, sourcePort: number, version: number): Direction {
    const isClient =
      this.#words[row * ROW + CLIENT_WORD] === addressWord(bytes, sourceAt, version) &&
      this.clientPort(row) === sourcePort
    return isClient ? Direction.FromClient : Direction.FromServer
  }

  /** What the words of the addresses leave open: an IPv4 address is its word, of an IPv6 address that is a digest. */
  #isBetween(row: number, bytes: Uint8Array, clientAt: number, serverAt: number, version: number): boolean {
    const at = row * ROW
    if (((this.#words[at + STATE]! & VERSION_6) !== 0) !== (version === 6)) return false
    if (version === 4) return true
    const addresses = this.#addresses
    return (
      addresses.find(bytes, clientAt, 6) === this.#words[at + CLIENT] &&
      addresses.find(bytes, serverAt, 6) === this.#words[at + SERVER]
    )
  }

  /** A new row. At the cap it takes the place of the oldest that is not followed; -1 when all that were tried are. */
  add(client: number, clientPort: number, server: number, serverPort: number): number {
    // Held before a row goes: that row may be the last holder of the same address.
    this.#addresses.hold(client)
    this.#addresses.hold(server)
    const row = this.#used < this.cap ? this.#append() : this.#evict()
    if (row < 0) {
      this.turnedAway++
      this.#addresses.release(client)
      this.#addresses.release(server)
      return -1
    }
    this.reopen(row, client, clientPort, server, serverPort)
    this.#link(row)
    return row
  }

  /** A row's ends, and everything else as of a connection of which nothing is known; its ends may only have swapped roles. */
  reopen(row: number, client: number, clientPort: number, server: number, serverPort: number): void {
    const words = this.#words
    const at = row * ROW
    words[at + CLIENT] = client
    words[at + SERVER] = server
    words[at + CLIENT_WORD] = this.#addresses.word(client)
    words[at + SERVER_WORD] = this.#addresses.word(server)
    words[at + PORTS] = (clientPort << 16) | serverPort
    words[at + FOLLOWED] = -1
    words[at + STATE] = this.#addresses.version(client) === 6 ? VERSION_6 : 0
    words[at + SYN_ATTEMPTS] = 0
  }

  #append(): number {
    if (this.#used === this.#capacity) this.#grow()
    return this.#used++
  }

  #evict(): number {
    // A bounded search keeps the cost of one packet constant; followed connections are few beside the cap.
    for (let tries = 0; tries < 64; tries++) {
      const row = this.#hand
      this.#hand = row + 1 === this.#used ? 0 : row + 1
      if (this.followed(row) >= 0) continue
      this.#unlink(row)
      this.#addresses.release(this.client(row))
      this.#addresses.release(this.server(row))
      this.evicted++
      return row
    }
    return -1
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(row)
    this.#words[row * ROW + NEXT] = this.#buckets[bucket]!
    this.#buckets[bucket] = row
  }

  #unlink(row: number): void {
    const words = this.#words
    const bucket = this.#bucketOf(row)
    const next = words[row * ROW + NEXT]!
    if (this.#buckets[bucket] === row) {
      this.#buckets[bucket] = next
      return
    }
    let before = this.#buckets[bucket]!
    while (words[before * ROW + NEXT] !== row) before = words[before * ROW + NEXT]!
    words[before * ROW + NEXT] = next
  }

  #bucketOf(row: number): number {
    const at = row * ROW
    const words = this.#words
    const hash = hashEnds(
      words[at + CLIENT_WORD]!,
      this.clientPort(row),
      words[at + SERVER_WORD]!,
      this.serverPort(row),
    )
    return hash & (this.#capacity - 1)
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    this.#capacity = capacity
    const words = new Int32Array(capacity * ROW)
    words.set(this.#words)
    this.#words = words
    this.#doubles = new Float64Array(words.buffer)
    this.#buckets = new Int32Array(capacity).fill(-1)
    for (let row = 0; row < this.#used; row++) this.#link(row)
  }
}

/** Other in each run, so that no capture can be made whose connections all fall into one bucket. */
const SEED = (Math.random() * 0x100000000) | 0

/** The same for both directions: each end is mixed alone, and the two are added. */
function hashEnds(a: number, aPort: number, b: number, bPort: number): number {
  const sum = mix(mix(a ^ SEED) ^ aPort) + mix(mix(b ^ SEED) ^ bPort)
  return mix(sum | 0)
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
