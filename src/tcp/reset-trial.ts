import { Direction } from './connection.js'

/** Packets that were captured out of order are closer to each other than this. */
const REORDERING_NS = 30e6
/** New bytes that were acknowledged, for the proof. */
const PROOF = 2

/**
 * Whether both hosts go on after a RST: then its receiver did not take it (RFC 5961 §3.2: it is outside the window, or
 * a challenge ACK went unanswered; a wrong checksum; a hop limit that ended on the way). A host that has sent a RST, or
 * taken one, neither sends new bytes nor acknowledges any.
 */
export class ResetTrial {
  readonly #time: number
  readonly #direction: Direction
  /** By direction: up to where a host may have sent before the RST. */
  readonly #ends: [number, number]
  /** By direction: how often new bytes were acknowledged since. */
  readonly #went: [number, number] = [0, 0]

  constructor(time: number, direction: Direction, ends: [number, number]) {
    this.#time = time
    this.#direction = direction
    this.#ends = ends
  }

  /** The bytes of a direction were acknowledged up to an offset; true when that disproves the RST. */
  acknowledged(direction: Direction, offset: number, time: number): boolean {
    if (offset <= this.#ends[direction]) return false
    this.#ends[direction] = offset
    this.#went[direction]++
    const [initiator, responder] = this.#went
    const bySender = this.#direction === Direction.FromInitiator ? initiator : responder
    const later = time - this.#time > REORDERING_NS
    if (bySender > 0 && later) return true
    return initiator + responder >= PROOF && (bySender > 0 || later)
  }
}
