import type { SharedMemory } from '../bytes/shared-memory.js'
import type { Packet } from '../wire/packet.js'
import type { SackBlocks } from '../wire/sack.js'
import type { Flow, Sighting } from './connection.js'
import type { CoverageMap, SequenceSpace } from './sequence.js'

/**
 * The receiver has later bytes and lacks these, of which the capture has none, or not all: it acknowledges the byte
 * before them again and again (RFC 5681 §2), and names what it has beyond them (RFC 2018 §4).
 */
export interface Request extends Sighting {
  start: number
  /** The offset after them; `start + 1` where only the first one is known to be lacking. */
  end: number
  /** Acknowledgments that ask for them. */
  times: number
  /** The receiver named what it has: no acknowledgment is repeated for another reason. */
  selective: boolean
  /** When it acknowledged the first of them after all; -1 before. */
  answeredAt: number
}

/** Requests of a direction that are kept: those for bytes that were captured since are not. */
export const MAX_REQUESTS = 64
export const REQUEST_BYTES = 96
/** Ranges of a direction that the receiver has beyond what it acknowledged. */
export const MAX_SELECTIVE = 64
export const RANGE_BYTES = 32
/** Further ahead a block is damaged. */
const MAX_AHEAD = 2 ** 24
/** A list with more blocks may have left out others (RFC 2018 §4; three fit beside timestamps). */
const COMPLETE = 2

/** What the receiver of a direction says of bytes beyond its acknowledgments. */
export class ReceiverReports {
  readonly requests: Request[] = []
  /** Beyond what is acknowledged and received nevertheless: start, end, start, end …, ascending. */
  readonly received: number[] = []
  #open = 0
  readonly #flow: Flow
  readonly #space: SequenceSpace
  readonly #coverage: CoverageMap
  readonly #shared: SharedMemory

  /** Of a flow, its sequence numbers and what was captured of it; `shared` bounds what is kept for all connections. */
  constructor(flow: Flow, space: SequenceSpace, coverage: CoverageMap, shared: SharedMemory) {
    this.#flow = flow
    this.#space = space
    this.#coverage = coverage
    this.#shared = shared
  }

  /** Nothing more will be asked of it. */
  release(): void {
    this.#shared.give(this.requests.length * REQUEST_BYTES + (this.received.length / 2) * RANGE_BYTES)
    this.requests.length = 0
    this.received.length = 0
  }

  /** All bytes up to `offset` are acknowledged. */
  acknowledged(offset: number, time: number): void {
    const { received } = this
    let past = 0
    while (past < received.length && received[past + 1]! <= offset) past += 2
    if (past > 0) {
      received.splice(0, past)
      this.#shared.give((past / 2) * RANGE_BYTES)
    }
    if (this.#open > 0) this.#answer(-Infinity, offset, time)
  }

  /** The acknowledgment of `offset` again, without data and with bytes outstanding (RFC 5681 §2). */
  repeated(packet: Packet, offset: number): void {
    this.#request(packet, offset, offset + 1, false)
  }

  /** An acknowledgment of `offset` that names what was received beyond it, or twice (RFC 2883). */
  selective(packet: Packet, offset: number, { count, left, right }: SackBlocks): void {
    const edges: number[] = []
    for (let block = 0; block < count; block++) {
      const start = this.#space.peek(left[block]!)
      const end = this.#space.peek(right[block]!)
      if (end <= start || end > this.#flow.end + MAX_AHEAD) continue
      const isTwice = block === 0 && (end <= offset || (count > 1 && this.#isWithin(start, end, left[1]!, right[1]!)))
      if (isTwice) this.#flow.receivedTwice++
      else if (start > offset) {
        edges.push(start, end)
        this.#receive(start, end, packet.time)
      }
    }
    if (edges.length === 0) return
    this.#flow.duplicateAcks++
    if (count > COMPLETE) {
      this.#request(packet, offset, offset + 1, true)
      return
    }
    edges.sort((a, b) => a - b)
    let from = offset
    for (let edge = 0; edge < edges.length; edge += 2) {
      if (edges[edge]! > from) this.#request(packet, from, edges[edge]!, true)
      from = edges[edge + 1]!
    }
  }

  #isWithin(start: number, end: number, left: number, right: number): boolean {
    return this.#space.peek(left) <= start && end <= this.#space.peek(right)
  }

  #request(packet: Packet, start: number, end: number, selective: boolean): void {
    const { requests } = this
    for (const request of requests) {
      if (request.answeredAt >= 0 || request.start !== start) continue
      request.times++
      request.selective ||= selective
      if (end > request.end) request.end = end
      return
    }
    if (requests.length === MAX_REQUESTS || this.#coverage.seesAll(start, end) || !this.#shared.take(REQUEST_BYTES))
      return
    const { frame, time } = packet
    requests.push({ frame, time, start, end, times: 1, selective, answeredAt: -1 })
    this.#open++
  }

  /** Bytes from `start` up to `end` have arrived; what was captured of them meanwhile is no longer of interest. */
  #answer(start: number, end: number, time: number): void {
    const { requests } = this
    for (let at = requests.length - 1; at >= 0; at--) {
      const request = requests[at]!
      if (request.answeredAt >= 0 || request.start < start || request.start >= end) continue
      this.#open--
      request.answeredAt = time
      if (!this.#coverage.seesAll(request.start, request.end)) continue
      requests.splice(at, 1)
      this.#shared.give(REQUEST_BYTES)
    }
  }

  #receive(start: number, end: number, time: number): void {
    if (this.#open > 0) this.#answer(start, end, time)
    const { received } = this
    let first = 0
    while (first < received.length && received[first + 1]! < start) first += 2
    let last = first
    let from = start
    let to = end
    while (last < received.length && received[last]! <= end) {
      from = Math.min(from, received[last]!)
      to = Math.max(to, received[last + 1]!)
      last += 2
    }
    const merged = (last - first) / 2
    if (merged === 0 && (received.length === 2 * MAX_SELECTIVE || !this.#shared.take(RANGE_BYTES))) return
    received.splice(first, last - first, from, to)
    if (merged > 1) this.#shared.give((merged - 1) * RANGE_BYTES)
  }
}
