import type { SharedMemory } from '../bytes/shared-memory.js'
import type { Packet } from '../wire/packet.js'
import { Assembler, CHUNK_COST, type OrderedSink } from './assembler.js'
import { Direction } from './connection.js'

/** Takes the payload of a connection that is only counted: each direction in order, without regard to the other. */
export interface PayloadSink extends OrderedSink {
  /** What follows need not be read. */
  readonly isDone: boolean
}

/** Bytes of one direction that wait for those before them at most: a large window, of which the first was lost. */
const LONGEST_WAITING = 1 << 20
/** A capture may have packets out of order; what is acknowledged but absent for longer than this was not captured. */
const PATIENCE_NS = 1e9
const PATIENCE_PACKETS = 64

/**
 * Puts the payload of a counted connection in order. Bytes that were seen first win, and are not compared with copies:
 * what they are worth, a later stage knows by their tags.
 */
export class PayloadReader {
  readonly #sink: PayloadSink
  readonly #shared: SharedMemory
  readonly #sides: readonly [Side, Side]

  /** What waits counts to `shared`. */
  constructor(sink: PayloadSink, shared: SharedMemory) {
    this.#sink = sink
    this.#shared = shared
    this.#sides = [new Side(Direction.FromInitiator, sink), new Side(Direction.FromResponder, sink)]
  }

  /** The payload of a packet; `acknowledged` is what the peer has certainly received of that direction. */
  add(direction: Direction, packet: Packet, offset: number, acknowledged: number): void {
    if (this.#sink.isDone) {
      this.#drop()
      return
    }
    const side = this.#sides[direction]
    const { payloadStart: start, payloadEnd: end, frame, time } = packet
    if (end > start) side.assembler.add({ bytes: packet.bytes, start, end, offset, frame, time, acknowledged: -1 })
    // The rest of a snapped segment will not come; what follows it need not wait.
    const captured = offset + end - start
    if (end - start < packet.payloadLength && side.assembler.next >= captured)
      side.assembler.skipTo(offset + packet.payloadLength, frame, time)
    if (side.assembler.waitingAt >= 0 || side.held > 0) this.#settle(side, acknowledged, frame, time)
  }

  /** No more will come: `ends` is where each direction ends. */
  finish(ends: readonly [number, number], frame: number, time: number): void {
    for (const [index, side] of this.#sides.entries())
      if (!this.#sink.isDone) side.assembler.skipTo(ends[index]!, frame, time)
    this.#drop()
  }

  /** What waits is not needed any more. */
  #drop(): void {
    for (const side of this.#sides) {
      this.#shared.give(side.held)
      side.held = 0
      side.assembler.drop()
    }
  }

  #settle(side: Side, acknowledged: number, frame: number, time: number): void {
    const { assembler } = side
    if (assembler.waitingAt < 0 || assembler.waitingAt > acknowledged) side.waitingSince = -1
    else if (side.waitingSince < 0) {
      side.waitingSince = time
      side.waitingPackets = 0
    } else if (++side.waitingPackets > PATIENCE_PACKETS || time - side.waitingSince > PATIENCE_NS) {
      side.waitingSince = -1
      assembler.skipTo(acknowledged, frame, time)
    }
    const more = assembler.waitingBytes - side.held
    if (more > 0 && !this.#shared.take(more)) {
      while (assembler.waitingAt >= 0) assembler.skipTo(assembler.waitingAt, frame, time)
      this.#shared.give(side.held)
      side.held = 0
      return
    }
    if (more < 0) this.#shared.give(-more)
    side.held = assembler.waitingBytes
  }
}

class Side {
  readonly assembler: Assembler
  /** Bytes that wait, as counted to those of all connections. */
  held = 0
  /** Since when bytes are absent that were acknowledged; -1 while none are. */
  waitingSince = -1
  waitingPackets = 0

  constructor(direction: Direction, sink: OrderedSink) {
    this.assembler = new Assembler(direction, sink, LONGEST_WAITING + CHUNK_COST, null)
  }
}
