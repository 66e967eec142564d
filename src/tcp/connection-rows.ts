import type { Direction } from './connection.js'
import type { Ends } from './ends.js'

/** Bits of a row's state. */
export const RowState = {
  /** The first packet was a SYN. */
  Opened: 1,
  /** Sequence number of the initiator / of the responder is known. */
  InitiatorSeen: 2,
  ResponderSeen: 4,
  /** Payload of the initiator / of the responder was offered for recognition. */
  InitiatorSniffed: 8,
  ResponderSniffed: 16,
  /** Followed, and the responder's first payload is still to be offered. */
  Candidate: 32,
  /** The answer to an announcement. */
  Announced: 128,
  /** Was followed, and is no longer. What was seen until then: payload, a SYN,ACK, a SYN that was retransmitted. */
  Released: 256,
  Carried: 512,
  Accepted: 1024,
  Repeated: 2048,
  /** A control connection that asked for nothing: a probe. */
  Probe: 4096,
  /** It was read, and is over. */
  WasRead: 8192,
} as const

/** Words of a row: one line of a processor's cache, so that a packet costs one memory access, not one per column. */
export const ROW = 16
/** What a packet is compared with: the addresses' words and both ports, the initiator's in the upper half. */
export const INITIATOR_WORD = 0
export const RESPONDER_WORD = 1
export const PORTS = 2
export const NEXT = 3
export const FOLLOWED = 4
export const STATE = 5
/** By direction: the initiator's, then the responder's. */
const SEQUENCES = 6
export const INITIATOR = 8
export const RESPONDER = 9
const STREAM = 10
const FIRST_FRAME = 11
export const SYN_ATTEMPTS = 12
/** Of the same initiator: the row before. */
const BEFORE = 13
/** In 8-byte units: it takes words 14 and 15. */
const FIRST_TIME = 7
const ROW_OF_DOUBLES = ROW / 2

/** Bit of the state beside those of `RowState`. */
export const VERSION_6 = 64

/** Facts of each connection that is known, as rows of one typed array: 64 bytes each, no object. */
export class ConnectionRows {
  protected capacity = 1024
  protected words = new Int32Array(this.capacity * ROW)
  protected doubles = new Float64Array(this.words.buffer)

  /** Id of the initiator's address. */
  initiator(row: number): number {
    return this.words[row * ROW + INITIATOR]!
  }

  responder(row: number): number {
    return this.words[row * ROW + RESPONDER]!
  }

  initiatorPort(row: number): number {
    return this.words[row * ROW + PORTS]! >>> 16
  }

  responderPort(row: number): number {
    return this.words[row * ROW + PORTS]! & 0xffff
  }

  /** Fills `ends` with those of a row. */
  readEnds(row: number, ends: Ends): void {
    ends.initiator = this.initiator(row)
    ends.initiatorPort = this.initiatorPort(row)
    ends.responder = this.responder(row)
    ends.responderPort = this.responderPort(row)
  }

  /** Index into the registry's followed connections, -1 for a row that is ignored. */
  followed(row: number): number {
    return this.words[row * ROW + FOLLOWED]!
  }

  follow(row: number, slot: number): void {
    this.words[row * ROW + FOLLOWED] = slot
  }

  /** Whether any of these bits of `RowState` is set. */
  is(row: number, bits: number): boolean {
    return (this.words[row * ROW + STATE]! & bits) !== 0
  }

  set(row: number, bits: number): void {
    this.words[row * ROW + STATE]! |= bits
  }

  clear(row: number, bits: number): void {
    this.words[row * ROW + STATE]! &= ~bits
  }

  /** Initial sequence number of a direction; meaningless until that is seen. */
  sequence(row: number, direction: Direction): number {
    return this.words[row * ROW + SEQUENCES + direction]! >>> 0
  }

  setSequence(row: number, direction: Direction, sequence: number): void {
    this.words[row * ROW + SEQUENCES + direction] = sequence
  }

  stream(row: number): number {
    return this.words[row * ROW + STREAM]! >>> 0
  }

  firstFrame(row: number): number {
    return this.words[row * ROW + FIRST_FRAME]! >>> 0
  }

  firstTime(row: number): number {
    return this.doubles[row * ROW_OF_DOUBLES + FIRST_TIME]!
  }

  /** The connection of a row begins with this packet. */
  begin(row: number, stream: number, frame: number, time: number): void {
    const at = row * ROW
    this.words[at + STREAM] = stream
    this.words[at + FIRST_FRAME] = frame
    this.doubles[row * ROW_OF_DOUBLES + FIRST_TIME] = time
  }

  /** The row that the same initiator opened before; -1 for none. */
  before(row: number): number {
    return this.words[row * ROW + BEFORE]!
  }

  setBefore(row: number, before: number): void {
    this.words[row * ROW + BEFORE] = before
  }

  synAttempts(row: number): number {
    return this.words[row * ROW + SYN_ATTEMPTS]!
  }

  countSyn(row: number): void {
    this.words[row * ROW + SYN_ATTEMPTS]!++
  }

  /** Room for twice as many rows. */
  protected grow(): void {
    this.capacity *= 2
    const words = new Int32Array(this.capacity * ROW)
    words.set(this.words)
    this.words = words
    this.doubles = new Float64Array(words.buffer)
  }
}
