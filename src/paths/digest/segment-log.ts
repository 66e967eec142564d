import type { Direction } from '../../tcp/connection.js'
import type { DigestBudget } from './digest-budget.js'

/** 32-bit words of a row. */
const ROW = 12
const FRAME = 0
const SEQUENCE = 1
const ACKNOWLEDGMENT = 2
const LENGTH = 3
const HASH = 4
const TIMESTAMP = 5
const ECHO = 6
/** Window in the upper half, IP identification in the lower one. */
const WINDOW_AND_ID = 7
/** TCP flags, hop limit, `Mark`s: 8 bits each. */
const MARKS = 8
/** `OptionBit`s in the upper half, MSS in the lower one. */
const OPTIONS = 9
/** Where the payload is in `texts`, and its length there. */
const TEXT = 10
const TEXT_LENGTH = 11

const BYTES_PER_ROW = ROW * 4 + 8
const SMALLEST = 8
/** Payload kept as text, of one connection. */
const MOST_TEXT = 32 * 1024
const SMALLEST_TEXT = 512

export const Mark = {
  FromResponder: 1,
  /** An ICMP error that quotes a segment of the other direction. */
  Icmp: 2,
  /** Part of the payload was not captured, so its hash says nothing. */
  Snapped: 4,
  /** A second copy of it was captured. */
  Twice: 8,
} as const

/** What is kept of a packet; one instance, filled for each. */
export class SegmentRow {
  frame = 0
  time = 0
  /** Of an ICMP error: the quoted segment's. */
  sequence = 0
  acknowledgment = 0
  /** Payload bytes on the wire; of an ICMP error the next-hop MTU. */
  length = 0
  /** Of the payload; without payload, of the SACK blocks. */
  hash = 0
  timestamp = 0
  echo = 0
  /** Of an ICMP error: type and code. */
  window = 0
  identification = 0
  flags = 0
  hopLimit = 0
  marks = 0
  options = 0
  maximumSegmentSize = 0
}

/**
 * The packets of one connection at one place, in the order of capture, as rows of typed arrays: 56 bytes each. It grows
 * as packets come, out of a budget that all connections share.
 */
export class SegmentLog {
  size = 0
  /** Packets that found no room. */
  dropped = 0
  readonly #budget: DigestBudget
  #words = new Uint32Array(0)
  #times = new Float64Array(0)
  #texts = new Uint8Array(0)
  #textLength = 0
  #flipped = 0

  constructor(budget: DigestBudget) {
    this.#budget = budget
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.#words.byteLength + this.#times.byteLength + this.#texts.byteLength
  }

  /** Adds a packet; `text` is its payload if that is kept as well. */
  add(row: SegmentRow, text: Uint8Array | null): void {
    if (this.size * ROW === this.#words.length && !this.#grow()) {
      this.dropped++
      return
    }
    const words = this.#words
    const at = this.size * ROW
    words[at + FRAME] = row.frame
    words[at + SEQUENCE] = row.sequence
    words[at + ACKNOWLEDGMENT] = row.acknowledgment
    words[at + LENGTH] = row.length
    words[at + HASH] = row.hash
    words[at + TIMESTAMP] = row.timestamp
    words[at + ECHO] = row.echo
    words[at + WINDOW_AND_ID] = (row.window << 16) | row.identification
    words[at + MARKS] = row.flags | (row.hopLimit << 8) | (row.marks << 16)
    words[at + OPTIONS] = (row.options << 16) | row.maximumSegmentSize
    words[at + TEXT_LENGTH] = 0
    this.#times[this.size] = row.time
    if (text && this.#hasRoomFor(text.length)) {
      this.#texts.set(text, this.#textLength)
      words[at + TEXT] = this.#textLength
      words[at + TEXT_LENGTH] = text.length
      this.#textLength += text.length
    }
    this.size++
  }

  frame(row: number): number {
    return this.#words[row * ROW + FRAME]!
  }

  /** Nanoseconds since the first frame of the place. */
  time(row: number): number {
    return this.#times[row]!
  }

  sequence(row: number): number {
    return this.#words[row * ROW + SEQUENCE]!
  }

  acknowledgment(row: number): number {
    return this.#words[row * ROW + ACKNOWLEDGMENT]!
  }

  length(row: number): number {
    return this.#words[row * ROW + LENGTH]!
  }

  hash(row: number): number {
    return this.#words[row * ROW + HASH]!
  }

  timestamp(row: number): number {
    return this.#words[row * ROW + TIMESTAMP]!
  }

  echo(row: number): number {
    return this.#words[row * ROW + ECHO]!
  }

  window(row: number): number {
    return this.#words[row * ROW + WINDOW_AND_ID]! >>> 16
  }

  identification(row: number): number {
    return this.#words[row * ROW + WINDOW_AND_ID]! & 0xffff
  }

  flags(row: number): number {
    return this.#words[row * ROW + MARKS]! & 0xff
  }

  hopLimit(row: number): number {
    return (this.#words[row * ROW + MARKS]! >>> 8) & 0xff
  }

  direction(row: number): Direction {
    return (((this.#words[row * ROW + MARKS]! >>> 16) ^ this.#flipped) & Mark.FromResponder) as Direction
  }

  isIcmp(row: number): boolean {
    return ((this.#words[row * ROW + MARKS]! >>> 16) & Mark.Icmp) !== 0
  }

  isSnapped(row: number): boolean {
    return ((this.#words[row * ROW + MARKS]! >>> 16) & Mark.Snapped) !== 0
  }

  isTwice(row: number): boolean {
    return ((this.#words[row * ROW + MARKS]! >>> 16) & Mark.Twice) !== 0
  }

  /** A copy of the packet was captured, too. */
  markTwice(row: number): void {
    this.#words[row * ROW + MARKS]! |= Mark.Twice << 16
  }

  options(row: number): number {
    return this.#words[row * ROW + OPTIONS]! >>> 16
  }

  maximumSegmentSize(row: number): number {
    return this.#words[row * ROW + OPTIONS]! & 0xffff
  }

  /** The payload, if it was kept: short ones that are text. */
  text(row: number): Uint8Array | null {
    const length = this.#words[row * ROW + TEXT_LENGTH]!
    const start = this.#words[row * ROW + TEXT]!
    return length === 0 ? null : this.#texts.subarray(start, start + length)
  }

  /** The two ends turn out to have the other roles. */
  flip(): void {
    this.#flipped ^= Mark.FromResponder
  }

  /** Forgets all packets. */
  release(): void {
    this.#budget.give(this.bytes)
    this.dropped += this.size
    this.size = 0
    this.#words = new Uint32Array(0)
    this.#times = new Float64Array(0)
    this.#texts = new Uint8Array(0)
    this.#textLength = 0
  }

  #grow(): boolean {
    const had = this.#times.length
    const rows = had === 0 ? SMALLEST : had * 2
    const more = (rows - had) * BYTES_PER_ROW
    if (this.bytes + more > this.#budget.perConnection || !this.#budget.take(more)) return false
    const words = new Uint32Array(rows * ROW)
    words.set(this.#words)
    const times = new Float64Array(rows)
    times.set(this.#times)
    this.#words = words
    this.#times = times
    return true
  }

  #hasRoomFor(length: number): boolean {
    const needed = this.#textLength + length
    if (needed <= this.#texts.length) return true
    if (needed > MOST_TEXT) return false
    let size = Math.max(this.#texts.length, SMALLEST_TEXT)
    while (size < needed) size *= 2
    if (!this.#budget.take(size - this.#texts.length)) return false
    const texts = new Uint8Array(size)
    texts.set(this.#texts)
    this.#texts = texts
    return true
  }
}
