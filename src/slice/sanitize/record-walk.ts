import { u16be } from '../../bytes/read.js'
import { RECORD_HEADER } from '../../tls/record-layer.js'
import { isRecord } from './tls-records.js'

/** Segments that wait for an earlier one. */
const MOST_WAITING = 256
const HALF = 0x8000_0000

interface Waiting {
  sequence: number
  /** What was captured of it. */
  bytes: Uint8Array
  length: number
}

/** Follows one direction of a data connection record by record, so that its end as TLS is known; keeps little of it. */
export class RecordWalk {
  #next: number | null = null
  /** Bytes that are left of the current record. */
  #left = 0
  #header: number[] = []
  readonly #waiting: Waiting[] = []
  /** What follows is no record, or cannot be told from one. */
  #state: 'records' | 'lost' = 'records'
  #first = 0

  /** `length`: of the segment on the wire. */
  add(sequence: number, bytes: Uint8Array, length: number): void {
    if (this.#isLost() || length === 0) return
    if (this.#next === null) this.#first = this.#next = sequence
    this.#waiting.push({ sequence, bytes, length })
    for (let found = this.#take(); found; found = this.#take()) this.#segment(found)
    if (this.#waiting.length > MOST_WAITING) this.#skip()
  }

  /** No more comes. What is missing inside of a record does not matter. */
  end(): void {
    while (!this.#isLost() && this.#waiting.length > 0) this.#skip()
  }

  /** Whether all bytes from the first one up to this sequence number are of records. */
  covers(sequence: number): boolean {
    return this.#next !== null && (sequence - this.#first) >>> 0 <= (this.#next - this.#first) >>> 0
  }

  #isLost(): boolean {
    return this.#state === 'lost'
  }

  #take(): Waiting | null {
    const index = this.#waiting.findIndex(
      ({ sequence }) => (sequence - this.#next!) >>> 0 >= HALF || sequence === this.#next,
    )
    return index < 0 ? null : this.#waiting.splice(index, 1)[0]!
  }

  #segment({ sequence, bytes, length }: Waiting): void {
    let known = (this.#next! - sequence) >>> 0
    while (known < length && !this.#isLost()) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, length - known)
        this.#left -= step
        known += step
        this.#next = (this.#next! + step) >>> 0
      } else if (known < bytes.length) {
        this.#header.push(bytes[known]!)
        if (this.#header.length === RECORD_HEADER) this.#begin()
        if (this.#isLost()) return
        known++
        this.#next = (this.#next! + 1) >>> 0
      } else this.#state = 'lost'
    }
  }

  #begin(): void {
    const header = Uint8Array.from(this.#header)
    this.#header = []
    if (isRecord(header, 0)) this.#left = u16be(header, 3)
    else {
      this.#state = 'lost'
      // None of its bytes are of a record.
      this.#next = (this.#next! - (RECORD_HEADER - 1)) >>> 0
    }
  }

  /** Goes on after a hole, if it is inside of a record. */
  #skip(): void {
    const distances = this.#waiting.map(({ sequence }) => (sequence - this.#next!) >>> 0)
    const nearest = Math.min(...distances)
    if (nearest > this.#left) {
      this.#state = 'lost'
      return
    }
    this.#left -= nearest
    this.#next = (this.#next! + nearest) >>> 0
    for (let found = this.#take(); found; found = this.#take()) this.#segment(found)
  }
}
