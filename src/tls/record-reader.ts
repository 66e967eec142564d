import { ContentType, HEARTBEAT, isTlsVersion, MAX_RECORD, RECORD_HEADER } from './record-layer.js'

/** Takes the records of one direction, in pieces. */
export interface RecordSink {
  /** A header was read; `length` is that of the body, at least 1. */
  header(type: number, version: number, length: number): void
  /** Bytes of the body, from `position` on; the record is complete when its length is reached. */
  body(bytes: Uint8Array, at: number, taken: number, position: number): void
}

/** Framing of TLS records (RFC 8446 §5.1, the same since SSL 3.0) in one direction. No record is kept. */
export class RecordReader {
  readonly #sink: RecordSink
  readonly #header = new Uint8Array(RECORD_HEADER)
  #headerLength = 0
  #length = 0
  /** Bytes of the current record's body still to come. */
  #remaining = 0
  /** The current record's content is of no interest: its header was read elsewhere. */
  #passing = false
  /** False after a gap or damage lost the record boundaries. */
  aligned = true
  /** Bytes passed over in search of a header since the last one. */
  passedOver = 0
  /** Bytes read so far, those missing included. */
  offset = 0

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  /** Starts after a record whose header was read elsewhere (SSL 2.0 framing of an old ClientHello). */
  skip(length: number): void {
    this.#passing = true
    this.#remaining = length
  }

  /** Reads up to a boundary at which something other than a record begins, or to the end; returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      if (this.#remaining > 0) {
        const taken = Math.min(this.#remaining, to - at)
        const position = this.#length - this.#remaining
        this.#remaining -= taken
        this.offset += taken
        if (!this.#passing) this.#sink.body(bytes, at, taken, position)
        at += taken
      } else if (this.aligned) {
        if (this.#headerLength === 0 && !isType(bytes[at]!)) return at
        this.#header[this.#headerLength++] = bytes[at++]!
        this.offset++
        if (this.#headerLength === RECORD_HEADER && !this.#begin()) this.aligned = false
      } else {
        this.offset++
        this.#scan(bytes[at++]!)
      }
    }
    return at
  }

  /**
   * `length` bytes are missing. The framing is kept if all of them belong to the current record's body: they are then
   * `inside` it, or up to its `end`.
   */
  gap(length: number): 'inside' | 'end' | 'lost' {
    this.offset += length
    if (this.#headerLength === 0 && length <= this.#remaining) {
      this.#remaining -= length
      return this.#remaining > 0 ? 'inside' : 'end'
    }
    this.lose()
    return 'lost'
  }

  /** A record is incomplete so far. */
  get isInside(): boolean {
    return this.#remaining > 0 || (this.aligned && this.#headerLength > 0)
  }

  /** Record boundaries are unknown from here on: look for a header. */
  lose(): void {
    this.aligned = false
    this.#remaining = 0
    this.#headerLength = 0
  }

  #scan(byte: number): void {
    if (this.#headerLength === RECORD_HEADER) {
      this.#header.copyWithin(0, 1)
      this.#headerLength--
      this.passedOver++
    }
    this.#header[this.#headerLength++] = byte
    if (this.#headerLength === RECORD_HEADER && this.#begin()) this.aligned = true
  }

  /** Reads the header; false if it is not one. */
  #begin(): boolean {
    const header = this.#header
    const length = (header[3]! << 8) | header[4]!
    if (!isType(header[0]!) || !isTlsVersion(header, 1, RECORD_HEADER) || length === 0 || length > MAX_RECORD)
      return false
    this.#headerLength = 0
    this.#length = length
    this.#remaining = length
    this.#passing = false
    this.#sink.header(header[0]!, (header[1]! << 8) | header[2]!, length)
    this.passedOver = 0
    return true
  }
}

function isType(byte: number): boolean {
  return byte >= ContentType.ChangeCipherSpec && byte <= HEARTBEAT
}
