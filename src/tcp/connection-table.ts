import type { AddressTable } from './address-table.js'

/** How closely a connection is followed. */
export const Interest = {
  /** A row of the table: nothing but what numbering and a later promotion need. */
  Ignored: 0,
  /** Counted: bytes, gaps, retransmissions, close; its payload is never looked at. */
  Measured: 1,
  /** Measured, and its payload is handed on in order. */
  Read: 2,
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
} as const

/**
 * All TCP connections of the input as rows of typed arrays: about 60 bytes each, no object. A row stays after its connection has
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
  #next = new Int32Array(this.#capacity)
  client = new Int32Array(this.#capacity)
  server = new Int32Array(this.#capacity)
  clientPort = new Uint16Array(this.#capacity)
  serverPort = new Uint16Array(this.#capacity)
  stream = new Uint32Array(this.#capacity)
  state = new Uint8Array(this.#capacity)
  clientSequence = new Uint32Array(this.#capacity)
  serverSequence = new Uint32Array(this.#capacity)
  firstFrame = new Uint32Array(this.#capacity)
  firstTime = new Float64Array(this.#capacity)
  synAttempts = new Uint8Array(this.#capacity)
  /** Index into the tracker's followed connections, -1 for a row that is ignored. */
  followed = new Int32Array(this.#capacity)

  constructor(addresses: AddressTable, cap: number) {
    this.#addresses = addresses
    this.cap = cap
  }

  get size(): number {
    return this.#used
  }

  /** Row of the connection between two endpoints, in whichever direction; -1 when there is none. */
  find(sourceId: number, sourcePort: number, destinationId: number, destinationPort: number): number {
    const hash = hashEnds(sourceId, sourcePort, destinationId, destinationPort)
    for (let row = this.#buckets[hash & (this.#capacity - 1)]!; row >= 0; row = this.#next[row]!) {
      const clientPort = this.clientPort[row]!
      const serverPort = this.serverPort[row]!
      const client = this.client[row]!
      const server = this.server[row]!
      if (
        (clientPort === sourcePort &&
          serverPort === destinationPort &&
          client === sourceId &&
          server === destinationId) ||
        (clientPort === destinationPort && serverPort === sourcePort && client === destinationId && server === sourceId)
      ) {
        return row
      }
    }
    return -1
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
    this.client[row] = client
    this.clientPort[row] = clientPort
    this.server[row] = server
    this.serverPort[row] = serverPort
    this.followed[row] = -1
    const bucket = hashEnds(client, clientPort, server, serverPort) & (this.#capacity - 1)
    this.#next[row] = this.#buckets[bucket]!
    this.#buckets[bucket] = row
    return row
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
      if (this.followed[row]! >= 0) continue
      this.#unlink(row)
      this.#addresses.release(this.client[row]!)
      this.#addresses.release(this.server[row]!)
      this.evicted++
      return row
    }
    return -1
  }

  #unlink(row: number): void {
    const bucket = this.#bucketOf(row)
    if (this.#buckets[bucket] === row) {
      this.#buckets[bucket] = this.#next[row]!
      return
    }
    let before = this.#buckets[bucket]!
    while (this.#next[before] !== row) before = this.#next[before]!
    this.#next[before] = this.#next[row]!
  }

  #bucketOf(row: number): number {
    const hash = hashEnds(this.client[row]!, this.clientPort[row]!, this.server[row]!, this.serverPort[row]!)
    return hash & (this.#capacity - 1)
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    this.#capacity = capacity
    this.client = grown(this.client, new Int32Array(capacity))
    this.server = grown(this.server, new Int32Array(capacity))
    this.clientPort = grown(this.clientPort, new Uint16Array(capacity))
    this.serverPort = grown(this.serverPort, new Uint16Array(capacity))
    this.stream = grown(this.stream, new Uint32Array(capacity))
    this.state = grown(this.state, new Uint8Array(capacity))
    this.clientSequence = grown(this.clientSequence, new Uint32Array(capacity))
    this.serverSequence = grown(this.serverSequence, new Uint32Array(capacity))
    this.firstFrame = grown(this.firstFrame, new Uint32Array(capacity))
    this.firstTime = grown(this.firstTime, new Float64Array(capacity))
    this.synAttempts = grown(this.synAttempts, new Uint8Array(capacity))
    this.followed = grown(this.followed, new Int32Array(capacity))
    this.#next = new Int32Array(capacity)
    this.#buckets = new Int32Array(capacity).fill(-1)
    for (let row = 0; row < this.#used; row++) {
      const bucket = this.#bucketOf(row)
      this.#next[row] = this.#buckets[bucket]!
      this.#buckets[bucket] = row
    }
  }
}

function grown<T extends { set(source: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from)
  return to
}

/** The same for both directions: each end is mixed alone, and the two are added. */
function hashEnds(a: number, aPort: number, b: number, bPort: number): number {
  const sum = mix(Math.imul(a, 0x10001) ^ (aPort << 15)) + mix(Math.imul(b, 0x10001) ^ (bPort << 15))
  return mix(sum | 0)
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
