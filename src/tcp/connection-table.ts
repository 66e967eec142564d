import type { AnomalyLog } from '../bytes/anomaly.js'
import { type AddressTable, addressWord } from './address-table.js'
import { Direction } from './connection.js'
import {
  INITIATOR,
  INITIATOR_WORD,
  ConnectionRows,
  FOLLOWED,
  NEXT,
  PORTS,
  ROW,
  RESPONDER,
  RESPONDER_WORD,
  STATE,
  SYN_ATTEMPTS,
  VERSION_6,
} from './connection-rows.js'

/** Rows found last, which are tried first; a power of two. */
const LATEST = 16_384

/**
 * All TCP connections of the input, found by their ends: chained hashing over typed arrays. A row stays after its
 * connection has closed, so that late packets keep the stream number that Wireshark gives them; when the cap is reached
 * the oldest rows go.
 *
 * `find` is the hot path of the program, since most packets of most captures end there: it makes no object and no boxed
 * number, and touches one line of memory beside the packet and two small tables.
 */
export class ConnectionTable extends ConnectionRows {
  readonly cap: number
  /** Which end of the connection found last sent the packet. */
  direction: Direction = Direction.FromInitiator
  /** Rows that gave way to others because the cap was reached. */
  evicted = 0
  /** Connections that got no row because all rows tried belong to followed ones. */
  turnedAway = 0
  readonly #addresses: AddressTable
  #used = 0
  #hand = 0
  #buckets = new Int32Array(this.capacity).fill(-1)
  /** Rows found last, by hash: small enough to stay in a processor's cache, which the table itself is not. */
  readonly #latest = new Int32Array(LATEST).fill(-1)

  constructor(addresses: AddressTable, cap: number) {
    super()
    this.#addresses = addresses
    this.cap = cap
  }

  get size(): number {
    return this.#used
  }

  /**
   * Row of the connection between two endpoints, in whichever direction; -1 when there is none. Addresses are those at
   * two places of `bytes`: most packets belong to known connections, which need no interned address.
   */
  find(
    bytes: Uint8Array,
    sourceAt: number,
    sourcePort: number,
    destinationAt: number,
    destinationPort: number,
    version: number,
  ): number {
    const { words } = this
    const source = addressWord(bytes, sourceAt, version)
    const destination = addressWord(bytes, destinationAt, version)
    const forward = (sourcePort << 16) | destinationPort
    const backward = (destinationPort << 16) | sourcePort
    const hash = hashEnds(source, sourcePort, destination, destinationPort)
    const latest = hash & (LATEST - 1)
    // First the row found last under this hash, then the bucket's chain.
    let row = this.#latest[latest]!
    let first = row >= 0
    if (!first) row = this.#buckets[hash & (this.capacity - 1)]!
    while (row >= 0) {
      const at = row * ROW
      const ports = words[at + PORTS]!
      // Both ends may be the same host, so the ports are needed to distinguish them.
      if (ports === forward && words[at + INITIATOR_WORD] === source && words[at + RESPONDER_WORD] === destination) {
        if (this.#isBetween(at, bytes, sourceAt, destinationAt, version)) {
          this.direction = Direction.FromInitiator
          break
        }
      }
      if (ports === backward && words[at + INITIATOR_WORD] === destination && words[at + RESPONDER_WORD] === source) {
        if (this.#isBetween(at, bytes, destinationAt, sourceAt, version)) {
          this.direction = Direction.FromResponder
          break
        }
      }
      row = first ? this.#buckets[hash & (this.capacity - 1)]! : words[at + NEXT]!
      first = false
    }
    if (row >= 0) this.#latest[latest] = row
    return row
  }

  /** What the words of the addresses leave open: an IPv4 address is its word, of an IPv6 address that is a digest. */
  #isBetween(at: number, bytes: Uint8Array, initiatorAt: number, responderAt: number, version: number): boolean {
    if (((this.words[at + STATE]! & VERSION_6) !== 0) !== (version === 6)) return false
    if (version === 4) return true
    const addresses = this.#addresses
    return (
      addresses.find(bytes, initiatorAt, 6) === this.words[at + INITIATOR] &&
      addresses.find(bytes, responderAt, 6) === this.words[at + RESPONDER]
    )
  }

  /** A new row. At the cap it takes the place of the oldest that is not followed; -1 when all that were tried are. */
  add(initiator: number, initiatorPort: number, responder: number, responderPort: number): number {
    // Held before a row goes: that row may be the last holder of the same address.
    this.#addresses.hold(initiator)
    this.#addresses.hold(responder)
    const row = this.#used < this.cap ? this.#append() : this.#evict()
    if (row < 0) {
      this.turnedAway++
      this.#addresses.release(initiator)
      this.#addresses.release(responder)
      return -1
    }
    this.reopen(row, initiator, initiatorPort, responder, responderPort)
    this.#link(row)
    return row
  }

  /** Sets a row's ends, which may only have swapped roles; of its connection nothing is known yet. */
  reopen(row: number, initiator: number, initiatorPort: number, responder: number, responderPort: number): void {
    const words = this.words
    const at = row * ROW
    words[at + INITIATOR] = initiator
    words[at + RESPONDER] = responder
    words[at + INITIATOR_WORD] = this.#addresses.word(initiator)
    words[at + RESPONDER_WORD] = this.#addresses.word(responder)
    words[at + PORTS] = (initiatorPort << 16) | responderPort
    words[at + FOLLOWED] = -1
    words[at + STATE] = this.#addresses.version(initiator) === 6 ? VERSION_6 : 0
    words[at + SYN_ATTEMPTS] = 0
  }

  #append(): number {
    if (this.#used === this.capacity) this.grow()
    return this.#used++
  }

  #evict(): number {
    // A bounded search keeps the cost of one packet constant; followed connections are few compared with the cap.
    for (let tries = 0; tries < 64; tries++) {
      const row = this.#hand
      this.#hand = row + 1 === this.#used ? 0 : row + 1
      if (this.followed(row) >= 0) continue
      this.#unlink(row)
      this.#addresses.release(this.initiator(row))
      this.#addresses.release(this.responder(row))
      this.evicted++
      return row
    }
    return -1
  }

  #link(row: number): void {
    const bucket = this.#bucketOf(row)
    this.words[row * ROW + NEXT] = this.#buckets[bucket]!
    this.#buckets[bucket] = row
  }

  #unlink(row: number): void {
    const words = this.words
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
    const words = this.words
    const hash = hashEnds(
      words[at + INITIATOR_WORD]!,
      this.initiatorPort(row),
      words[at + RESPONDER_WORD]!,
      this.responderPort(row),
    )
    return hash & (this.capacity - 1)
  }

  protected override grow(): void {
    super.grow()
    this.#buckets = new Int32Array(this.capacity).fill(-1)
    for (let row = 0; row < this.#used; row++) this.#link(row)
  }
}

/** Reports that rows gave way to others, or that connections got none. */
export function recordFull({ cap, evicted, turnedAway }: ConnectionTable, anomalies: AnomalyLog): void {
  if (evicted + turnedAway === 0) return
  anomalies.record(
    'connection-table-full',
    null,
    () =>
      `tcp: more than ${cap} connections: ${evicted} of the oldest were forgotten, ` +
      `packets of ${turnedAway} new ones were skipped, and later stream numbers differ from Wireshark's`,
  )
}

/** Different in each run, so that no capture can be crafted whose connections all fall into one bucket. */
const SEED = (Math.random() * 0x100000000) | 0

/** The same for both directions: the sum of the mixed ends. Never above 31 bits, so that no number is boxed. */
function hashEnds(a: number, aPort: number, b: number, bPort: number): number {
  const sum = (hashEnd(a, aPort) + hashEnd(b, bPort)) | 0
  const hash = Math.imul(sum ^ (sum >>> 15), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) & 0x7fffffff
}

function hashEnd(word: number, port: number): number {
  let hash = Math.imul(word ^ SEED, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15) ^ port, 0x27d4eb2f)
  return hash ^ (hash >>> 14)
}
