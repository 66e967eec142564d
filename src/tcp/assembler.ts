import type { Direction } from './connection.js'
import { DeliveredBytes } from './delivered-bytes.js'

/** Receives the bytes of each direction in order. */
export interface OrderedSink {
  /** The chunk and its bytes are valid during the call. */
  bytes(direction: Direction, chunk: Chunk): void
  /** The next `length` bytes of a direction are not in the capture. */
  gap(direction: Direction, length: number, frame: number, time: number): void
}

/** Payload of one segment, or the part of it that was new. */
export interface Chunk {
  bytes: Uint8Array
  start: number
  end: number
  /** Stream offset of `bytes[start]`. */
  offset: number
  frame: number
  time: number
  /** Offset in the other direction up to which the sender of this segment had received; -1 without ACK. */
  acknowledged: number
}

/**
 * Two segments of a direction have different bytes at an offset: `frame` came after `earlier`, whose bytes were kept;
 * -1 where that is too long ago.
 */
export type OnConflict = (direction: Direction, offset: number, frame: number, earlier: number) => void

/** Overhead of a waiting chunk in bytes, so that caps also bound many small ones. */
export const CHUNK_COST = 256
/** Deliveries whose frames are known, for conflicts. */
const LATEST = 32

/**
 * Puts the segments of one direction in order. Bytes that were seen first win (RFC 9293 §3.10.7.4 lets the receiver
 * trim what it has); a copy with different content is reported. What arrives ahead of a hole is copied and waits, up to
 * a cap.
 */
export class Assembler {
  readonly #direction: Direction
  readonly #sink: OrderedSink
  readonly #cap: number
  readonly #onConflict: OnConflict | null
  #waiting: Chunk[] = []
  #waitingBytes = 0
  readonly #delivered: DeliveredBytes | null
  #next = 0
  /** Of the latest deliveries: the offset after each, and its frame. */
  readonly #ends: number[] = []
  readonly #frames: number[] = []
  #deliveries = 0

  /** Without `onConflict` copies are not compared, and nothing is kept of what was delivered. */
  constructor(direction: Direction, sink: OrderedSink, cap: number, onConflict: OnConflict | null) {
    this.#direction = direction
    this.#sink = sink
    this.#cap = cap
    this.#onConflict = onConflict
    this.#delivered = onConflict && new DeliveredBytes()
  }

  /** Offset of the next byte to deliver. */
  get next(): number {
    return this.#next
  }

  /** Offset of the first byte that waits after a hole; -1 when none does. */
  get waitingAt(): number {
    return this.#waiting.length > 0 ? this.#waiting[0]!.offset : -1
  }

  /** Bytes that wait, with what each chunk of them costs. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Takes a segment's captured payload; `chunk` is not kept. */
  add(chunk: Chunk): void {
    if (chunk.offset > this.next) {
      this.#keep(chunk)
      while (this.#waitingBytes > this.#cap) this.skipTo(this.waitingAt, chunk.frame, chunk.time)
      return
    }
    let rest = chunk
    // What waits was seen before these bytes, so it wins over them where both have the same offsets.
    while (this.#waiting.length > 0 && endOf(rest) > this.waitingAt) {
      const at = this.waitingAt
      const cut = rest.start + at - rest.offset
      this.#deliver({ ...rest, end: cut })
      this.#drain()
      rest = { ...rest, start: cut, offset: at }
    }
    this.#deliver(rest)
    if (this.#waiting.length > 0) this.#drain()
  }

  /** Gives up on all bytes before `offset` that have not arrived; those that wait in between are delivered. */
  skipTo(offset: number, frame: number, time: number): void {
    while (this.next < offset) {
      const until = this.#waiting.length > 0 ? Math.min(offset, this.waitingAt) : offset
      if (until > this.next) {
        const missing = until - this.next
        this.#next = until
        this.#delivered?.skipTo(until)
        this.#sink.gap(this.#direction, missing, frame, time)
      }
      this.#drain()
    }
  }

  /** What waits is not needed any more. */
  drop(): void {
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /** No more bytes will arrive. */
  release(): void {
    this.#delivered?.release()
  }

  #drain(): void {
    let taken = 0
    while (taken < this.#waiting.length && this.#waiting[taken]!.offset <= this.next) {
      const chunk = this.#waiting[taken++]!
      this.#waitingBytes -= chunk.end - chunk.start + CHUNK_COST
      this.#deliver(chunk)
    }
    if (taken > 0) this.#waiting.splice(0, taken)
  }

  #deliver(chunk: Chunk): void {
    const known = this.next - chunk.offset
    const length = chunk.end - chunk.start
    if (known > 0) this.#compare(chunk, Math.min(known, length))
    if (known >= length) return
    const fresh = known > 0 ? { ...chunk, start: chunk.start + known, offset: this.next } : chunk
    this.#next = fresh.offset + fresh.end - fresh.start
    if (this.#delivered) {
      this.#delivered.add(fresh.bytes, fresh.start, fresh.end)
      const place = this.#deliveries++ % LATEST
      this.#ends[place] = this.next
      this.#frames[place] = fresh.frame
    }
    this.#sink.bytes(this.#direction, fresh)
  }

  /** Reports a repetition that differs from what was delivered, as far as that is still known. */
  #compare(chunk: Chunk, known: number): void {
    if (!this.#delivered || !this.#onConflict) return
    const offset = this.#delivered.conflict(chunk.offset, chunk.bytes, chunk.start, known)
    if (offset >= 0) this.#onConflict(this.#direction, offset, chunk.frame, this.#frameAt(offset))
  }

  /** Frame of the byte delivered at an offset; -1 where that is not known any more. */
  #frameAt(offset: number): number {
    const known = Math.min(this.#deliveries, LATEST)
    let frame = -1
    for (let back = 1; back <= known; back++) {
      const place = (this.#deliveries - back) % LATEST
      if (this.#ends[place]! <= offset) return frame
      frame = this.#frames[place]!
    }
    return known === this.#deliveries ? frame : -1
  }

  /** Inserts a copy by offset, trimmed to the bytes that nothing waiting covers yet. */
  #keep(chunk: Chunk): void {
    let at = this.#waiting.length
    while (at > 0 && this.#waiting[at - 1]!.offset > chunk.offset) at--
    const before = this.#waiting[at - 1]
    let from = chunk.offset
    const end = chunk.offset + chunk.end - chunk.start
    if (before) {
      const covered = endOf(before)
      if (covered > from) {
        this.#compareWaiting(before, chunk)
        from = covered
      }
    }
    while (from < end) {
      const after = this.#waiting[at]
      const until = after ? Math.min(end, after.offset) : end
      if (until > from) {
        const start = chunk.start + from - chunk.offset
        const bytes = chunk.bytes.slice(start, start + until - from)
        this.#waiting.splice(at++, 0, { ...chunk, bytes, start: 0, end: bytes.length, offset: from })
        this.#waitingBytes += bytes.length + CHUNK_COST
      }
      if (!after || end <= after.offset) return
      this.#compareWaiting(after, chunk)
      from = Math.max(until, endOf(after))
      at++
    }
  }

  #compareWaiting(kept: Chunk, chunk: Chunk): void {
    if (!this.#onConflict) return
    const from = Math.max(kept.offset, chunk.offset)
    const to = Math.min(endOf(kept), chunk.offset + chunk.end - chunk.start)
    for (let offset = from; offset < to; offset++) {
      if (kept.bytes[offset - kept.offset] !== chunk.bytes[chunk.start + offset - chunk.offset]) {
        this.#onConflict(this.#direction, offset, chunk.frame, kept.frame)
        return
      }
    }
  }
}

function endOf(chunk: Chunk): number {
  return chunk.offset + chunk.end - chunk.start
}
