import type { Host } from './host.js'

/** A piece of the stream that was sent; offsets count from the SYN, which is byte 0. */
export interface Segment {
  offset: number
  payload: Uint8Array
  push: boolean
  fin: boolean
}

/** One end of a conversation: what it has sent and received. */
export class StreamEnd {
  readonly host: Host
  readonly port: number
  readonly initialSequence: number
  /** Offset of the next byte to send. */
  next = 0
  /** Offset up to which all was received, counted from the peer's SYN. */
  received = 0
  readonly sent: Segment[] = []
  /** Header value of the window; changed by scripts that close it. */
  window: number
  /** Segments that may be sent before an acknowledgment arrives; doubles as in slow start (RFC 5681 §3.1). */
  congestionWindow = 10
  /** TSval last received (RFC 7323). */
  echo = 0
  /** When the acknowledgment that it holds back is due, in nanoseconds; `null` when all is acknowledged. */
  acknowledgeAt: number | null = null
  #ahead: { from: number; to: number }[] = []

  constructor(host: Host, port: number, initialSequence: number) {
    this.host = host
    this.port = port
    this.initialSequence = initialSequence
    this.window = host.window
  }

  /** Takes in a segment; true when it was the next one expected. */
  receive(segment: Segment): boolean {
    const to = segment.offset + segment.payload.length + (segment.fin ? 1 : 0)
    const expected = segment.offset <= this.received && to > this.received
    this.#ahead.push({ from: segment.offset, to })
    this.#ahead.sort((a, b) => a.from - b.from)
    for (const range of this.#ahead) if (range.from <= this.received) this.received = Math.max(this.received, range.to)
    this.#ahead = this.#ahead.filter((range) => range.to > this.received)
    return expected
  }

  sequenceAt(offset: number): number {
    return (this.initialSequence + offset) >>> 0
  }
}
