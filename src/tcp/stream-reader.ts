import { Assembler, type Chunk, type OnConflict } from './assembler.js'
import { CausalOrder, type DialogueSink } from './causal-order.js'
import { Direction } from './connection.js'
import type { Waiting, WaitingStreams } from './waiting-streams.js'

/** Most out-of-order bytes that may wait in one direction of one connection. */
const WAITING_CAP = 1 << 20
/** A capture may have packets out of order; what is acknowledged but absent for longer than this was not captured. */
const PATIENCE_NS = 1e9
const PATIENCE_PACKETS = 64

/** Ordered payload of both directions of one connection, delivered as a dialogue. */
export class StreamReader implements Waiting {
  readonly #order: CausalOrder
  readonly #assemblers: readonly [Assembler, Assembler]
  /** Since when something waits for bytes that are absent; -1 while nothing does. */
  #waitingSince = -1
  #waitingPackets = 0
  /** Bytes that the connection holds back beside these streams: doubtful segments. */
  heldBack = 0
  readonly #all: WaitingStreams
  /** Bytes that were last reported to `#all`. */
  #held = 0

  constructor(sink: DialogueSink, all: WaitingStreams, onConflict: OnConflict) {
    this.#all = all
    this.#order = new CausalOrder(sink)
    this.#assemblers = [
      new Assembler(Direction.FromInitiator, this.#order, WAITING_CAP, onConflict),
      new Assembler(Direction.FromResponder, this.#order, WAITING_CAP, onConflict),
    ]
  }

  /** Takes a segment: the captured payload in `chunk`, `length` bytes according to its headers. */
  add(direction: Direction, chunk: Chunk, length: number): void {
    const assembler = this.#assemblers[direction]
    const captured = chunk.end - chunk.start
    if (captured > 0) assembler.add(chunk)
    // The rest of a snapped segment will not come; what follows it need not wait.
    if (captured < length && assembler.next >= chunk.offset + captured) {
      assembler.skipTo(chunk.offset + length, chunk.frame, chunk.time)
    }
  }

  /**
   * Called after each packet with what each direction's peer has certainly acknowledged. Bytes that are absent although
   * they were acknowledged are a gap as soon as others wait after them; what answers them is delivered without them.
   */
  settle(acknowledged: readonly [number, number], frame: number, time: number): void {
    this.#handOn(acknowledged, frame, time)
    this.#hold(frame, time)
  }

  #handOn(acknowledged: readonly [number, number], frame: number, time: number): void {
    const initiator = this.#isHole(Direction.FromInitiator, acknowledged)
    const responder = this.#isHole(Direction.FromResponder, acknowledged)
    if (!initiator && !responder && !this.#order.waiting) {
      this.#waitingSince = -1
      return
    }
    if (this.#waitingSince < 0) {
      this.#waitingSince = Math.max(time, 0)
      this.#waitingPackets = 0
      return
    }
    this.#waitingPackets++
    if (time - this.#waitingSince <= PATIENCE_NS && this.#waitingPackets <= PATIENCE_PACKETS) return
    this.#waitingSince = -1
    // What was acknowledged goes before what its receiver sent afterwards, even where nothing follows it yet.
    for (const direction of [Direction.FromInitiator, Direction.FromResponder])
      this.#assemblers[direction].skipTo(acknowledged[direction], frame, time)
    this.#order.flush()
  }

  /** The connection is over: delivers all that waits, with gaps for what is absent before `ends` (by direction). */
  finish(ends: readonly [number, number], frame: number, time: number): void {
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      this.#assemblers[direction].skipTo(ends[direction], frame, time)
      this.#assemblers[direction].release()
    }
    this.#order.flush()
    this.#hold(frame, time)
  }

  giveUp(frame: number, time: number): void {
    this.#held = 0
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      while (this.#assemblers[direction].waitingAt >= 0) this.#skip(direction, frame, time)
    }
    this.#order.flush()
  }

  /** Reports how much this connection holds back, where that has changed. */
  #hold(frame: number, time: number): void {
    const [initiator, responder] = this.#assemblers
    const bytes = initiator.waitingBytes + responder.waitingBytes + this.#order.waitingBytes + this.heldBack
    if (bytes === this.#held) return
    this.#held = bytes
    this.#all.hold(this, bytes, frame, time)
  }

  #isHole(direction: Direction, acknowledged: readonly [number, number]): boolean {
    const { waitingAt } = this.#assemblers[direction]
    return waitingAt >= 0 && waitingAt <= acknowledged[direction]
  }

  #skip(direction: Direction, frame: number, time: number): void {
    const assembler = this.#assemblers[direction]
    assembler.skipTo(assembler.waitingAt, frame, time)
  }
}
