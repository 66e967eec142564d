import { SharedMemory } from '../bytes/shared-memory.js'
import type { Packet } from '../wire/packet.js'
import type { Direction } from './connection.js'

/**
 * An identical packet within this time was captured twice: a retransmission takes longer and changes ID or timestamps.
 */
const DUPLICATE_NS = 5e6
/** Packets remembered in one bucket. */
const WAYS = 8
export const MOST_BUCKETS = 128
/** A signature and a time for each place. */
export const BUCKET_BYTES = WAYS * 16

/**
 * Remembers the latest packets of a connection by signature and time, to recognize one that is captured twice. A
 * dialogue needs room for a handful; where packets follow each other faster than copies of them arrive, the room grows,
 * up to a cap. Each bucket is a ring.
 */
export class Duplicates {
  readonly #shared: SharedMemory
  #buckets = 1
  // Plain arrays: most are short and soon gone, and a typed array of more than 64 bytes is memory of its own for the
  // engine.
  #signatures = filled(WAYS, 0)
  #times = filled(WAYS, -Infinity)
  /** By bucket: the place of its oldest packet, which the next one takes. */
  #oldest = [0]

  /** `shared` bounds what all connections take beyond their first bucket. */
  constructor(shared = new SharedMemory(Infinity)) {
    this.#shared = shared
  }

  /** Nothing more will be compared. */
  release(): void {
    this.#shared.give((this.#buckets - 1) * BUCKET_BYTES)
    this.#buckets = 1
  }

  /** Whether a packet with that signature was seen just now; remembers it otherwise. */
  has(signature: number, time: number): boolean {
    const signatures = this.#signatures
    const first = (signature & (this.#buckets - 1)) * WAYS
    for (let i = first; i < first + WAYS; i++) {
      if (signatures[i] === signature && Math.abs(time - this.#times[i]!) < DUPLICATE_NS) return true
    }
    // A copy of the one that would give way may still come.
    while (this.#buckets < MOST_BUCKETS && time - this.#oldestBeside(signature) < DUPLICATE_NS) {
      if (!this.#shared.take((grown(this.#buckets) - this.#buckets) * BUCKET_BYTES)) break
      this.#grow()
    }
    this.#remember(signature, time)
    return false
  }

  /** Time of the packet that would give way to one with that signature. */
  #oldestBeside(signature: number): number {
    const bucket = signature & (this.#buckets - 1)
    return this.#times[bucket * WAYS + this.#oldest[bucket]!]!
  }

  #remember(signature: number, time: number): void {
    const bucket = signature & (this.#buckets - 1)
    const place = this.#oldest[bucket]!
    this.#signatures[bucket * WAYS + place] = signature
    this.#times[bucket * WAYS + place] = time
    this.#oldest[bucket] = (place + 1) & (WAYS - 1)
  }

  #grow(): void {
    const buckets = this.#buckets
    const signatures = this.#signatures
    const times = this.#times
    const oldest = this.#oldest
    this.#buckets = grown(buckets)
    this.#signatures = filled(this.#buckets * WAYS, 0)
    this.#times = filled(this.#buckets * WAYS, -Infinity)
    this.#oldest = filled(this.#buckets, 0)
    for (let bucket = 0; bucket < buckets; bucket++) {
      // From the oldest on, so that it stays the oldest of its new bucket.
      for (let age = 0; age < WAYS; age++) {
        const i = bucket * WAYS + ((oldest[bucket]! + age) & (WAYS - 1))
        if (times[i]! > -Infinity) this.#remember(signatures[i]!, times[i]!)
      }
    }
  }
}

function grown(buckets: number): number {
  return Math.min(buckets * 4, MOST_BUCKETS)
}

function filled(length: number, value: number): number[] {
  return new Array<number>(length).fill(value)
}

/** 32 bits that distinguish a packet from those around it: a retransmission has others, a second capture has not. */
export function signatureOf(packet: Packet, direction: Direction): number {
  let signature = Math.imul(packet.sequence ^ (direction << 31), 0x9e3779b1)
  signature = Math.imul(signature ^ (signature >>> 15) ^ packet.acknowledgment, 0x85ebca6b)
  signature = Math.imul(signature ^ (signature >>> 13) ^ ((packet.checksum << 16) | packet.identification), 0xc2b2ae35)
  signature = Math.imul(signature ^ (signature >>> 16) ^ ((packet.payloadLength << 8) | packet.flags), 0x27d4eb2f)
  return signature ^ (signature >>> 15)
}
