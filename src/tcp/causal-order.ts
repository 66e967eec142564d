import { CHUNK_COST, type Chunk } from './assembler.js'
import { Direction, opposite } from './connection.js'

/** Receives both directions of a connection, each in order, and neither before what it answers. */
export interface DialogueSink {
  data(direction: Direction, chunk: Chunk): void
  gap(direction: Direction, length: number, frame: number, time: number): void
}

/** Chunks that wait for the other direction at most: bounded for captures of one direction only. */
const MAX_QUEUED = 256

interface Gap {
  length: number
  frame: number
  time: number
}

type Item = { chunk: Chunk; gap: null } | { chunk: null; gap: Gap }

/**
 * Joins two ordered directions into one dialogue by what each segment acknowledges: a segment that acknowledges a
 * command was sent after it arrived, so it goes after it, in whatever order the capture has the packets. Segments that
 * know nothing of each other keep the order of their frames.
 */
export class CausalOrder {
  readonly #sink: DialogueSink
  /** By direction: what waits, and up to where the dialogue has been delivered. */
  readonly #queues: [Item[], Item[]] = [[], []]
  readonly #handed: [number, number] = [0, 0]
  #waitingBytes = 0

  constructor(sink: DialogueSink) {
    this.#sink = sink
  }

  get waiting(): boolean {
    return this.#queues[0].length > 0 || this.#queues[1].length > 0
  }

  /** Bytes that wait, with what each chunk of them costs. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  bytes(direction: Direction, chunk: Chunk): void {
    if (!this.waiting && chunk.acknowledged <= this.#handed[opposite(direction)]) {
      this.#handChunk(direction, chunk)
      return
    }
    const bytes = chunk.bytes.slice(chunk.start, chunk.end)
    this.#queues[direction].push({ chunk: { ...chunk, bytes, start: 0, end: bytes.length }, gap: null })
    this.#waitingBytes += bytes.length + CHUNK_COST
    this.#release(false)
    if (this.#queues[direction].length > MAX_QUEUED) this.#release(true)
  }

  gap(direction: Direction, length: number, frame: number, time: number): void {
    const item: Item = { chunk: null, gap: { length, frame, time } }
    if (this.#queues[direction].length === 0) this.#hand(direction, item)
    else this.#queues[direction].push(item)
    this.#release(false)
  }

  /** Delivers all that waits, in the order of frames: no more bytes will arrive that could explain it. */
  flush(): void {
    this.#release(true)
  }

  #release(all: boolean): void {
    for (;;) {
      const direction = this.#nextReady() ?? (all ? this.#earliest() : null)
      if (direction === null) return
      const item = this.#queues[direction].shift()!
      if (item.chunk) this.#waitingBytes -= item.chunk.end - item.chunk.start + CHUNK_COST
      this.#hand(direction, item)
    }
  }

  #nextReady(): Direction | null {
    const initiator = this.#ready(Direction.FromInitiator)
    const responder = this.#ready(Direction.FromResponder)
    if (initiator && responder) return this.#earliest()
    if (initiator) return Direction.FromInitiator
    return responder ? Direction.FromResponder : null
  }

  #ready(direction: Direction): boolean {
    const head = this.#queues[direction][0]
    return head !== undefined && (head.gap !== null || head.chunk.acknowledged <= this.#handed[opposite(direction)])
  }

  #earliest(): Direction | null {
    const initiator = this.#queues[Direction.FromInitiator][0]
    const responder = this.#queues[Direction.FromResponder][0]
    if (!initiator) return responder ? Direction.FromResponder : null
    if (!responder) return Direction.FromInitiator
    return frameOf(initiator) <= frameOf(responder) ? Direction.FromInitiator : Direction.FromResponder
  }

  #hand(direction: Direction, item: Item): void {
    if (item.chunk) this.#handChunk(direction, item.chunk)
    else {
      this.#handed[direction] += item.gap.length
      this.#sink.gap(direction, item.gap.length, item.gap.frame, item.gap.time)
    }
  }

  #handChunk(direction: Direction, chunk: Chunk): void {
    this.#handed[direction] = chunk.offset + chunk.end - chunk.start
    this.#sink.data(direction, chunk)
  }
}

function frameOf(item: Item): number {
  return item.chunk ? item.chunk.frame : item.gap.frame
}
