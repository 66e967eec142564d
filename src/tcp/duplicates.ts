import type { Packet } from '../wire/packet.js'
import type { Direction } from './connection.js'

/** An identical packet within this time was captured twice: a retransmission takes longer and changes ID or timestamps. */
const DUPLICATE_NS = 5e6
/** Packets remembered in one bucket. */
const WAYS = 8
const MOST_BUCKETS = 128

/**
 * Remembers the latest packets of a connection by signature and time, to know one that is captured twice. A dialogue needs room for a
 * handful; where packets follow each other faster than copies of them arrive, the room grows, up to a cap.
 */
export class Duplicates {
  #buckets = 1
  /** Signature and time in turns. */
  #packets = new Float64Array(WAYS * 2).fill(-Infinity)

  /** Whether a packet with that signature was seen just now; remembers it otherwise. */
  has(signature: number, time: number): boolean {
    const packets = this.#packets
    const first = (signature & (this.#buckets - 1)) * (WAYS * 2)
    let oldest = first
    for (let i = first; i < first + WAYS * 2; i += 2) {
      if (packets[i] === signature && Math.abs(time - packets[i + 1]!) < DUPLICATE_NS) return true
      if (packets[i + 1]! < packets[oldest + 1]!) oldest = i
    }
    if (time - packets[oldest + 1]! < DUPLICATE_NS && this.#buckets < MOST_BUCKETS) {
      // A copy of the one that would give way may still come.
      this.#grow()
      return this.has(signature, time)
    }
    packets[oldest] = signature
    packets[oldest + 1] = time
    return false
  }

  #grow(): void {
    const before = this.#packets
    this.#buckets = Math.min(this.#buckets * 4, MOST_BUCKETS)
    const packets = new Float64Array(this.#buckets * WAYS * 2).fill(-Infinity)
    for (let i = 0; i < before.length; i += 2) {
      let at = (before[i]! & (this.#buckets - 1)) * (WAYS * 2)
      // A bucket of before has no more entries than one of now has room for.
      while (packets[at + 1]! > -Infinity) at += 2
      packets[at] = before[i]!
      packets[at + 1] = before[i + 1]!
    }
    this.#packets = packets
  }
}

/** A number that tells a packet from those around it: what a repetition by the sender changes, and a second capture does not. */
export function signatureOf(packet: Packet, direction: Direction): number {
  let signature = Math.imul(packet.sequence ^ (direction << 31), 0x9e3779b1)
  signature = Math.imul(signature ^ (signature >>> 15) ^ packet.acknowledgment, 0x85ebca6b)
  signature = Math.imul(signature ^ (signature >>> 13) ^ ((packet.checksum << 16) | packet.identification), 0xc2b2ae35)
  signature = Math.imul(signature ^ (signature >>> 16) ^ ((packet.payloadLength << 8) | packet.flags), 0x27d4eb2f)
  return (signature ^ (signature >>> 15)) >>> 0
}
