import { u16be } from '../../bytes/read.js'
import type { Chunk } from '../../tcp/assembler.js'
import type { Direction } from '../../tcp/connection.js'
import type { PayloadSink } from '../../tcp/payload-reader.js'
import type { Place } from '../../tls/events.js'
import { ContentType, HandshakeType, isTlsVersion, MAX_RECORD, RECORD_HEADER } from '../../tls/record-layer.js'

/**
 * So many bytes show whether they are TLS: if their beginning is missing, a whole record and the header of the next.
 */
const MOST_UNDECIDED = 2 * (MAX_RECORD + RECORD_HEADER)
/** Packets that are known of them. */
const MOST_PLACES = 64
/** A record's header, and a handshake message's with the version that follows it. */
const HELLO_PROBE = RECORD_HEADER + 6

/** The first bytes of one direction of a data connection, while they do not show whether they are TLS. */
export class UndecidedBytes {
  /** Length of what the capture lacks before them. */
  missing = 0
  length = 0
  #bytes = new Uint8Array(0)
  readonly #places: (Place & { at: number })[] = []

  /** Memory in bytes. */
  get size(): number {
    return this.#bytes.length
  }

  get isFull(): boolean {
    return this.length >= MOST_UNDECIDED
  }

  add({ bytes, start, end, frame, time }: Chunk): void {
    const length = this.length + end - start
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
      larger.set(this.#bytes.subarray(0, this.length))
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), this.length)
    if (this.#places.length < MOST_PLACES) this.#places.push({ at: this.length, frame, time })
    this.length = length
  }

  /**
   * Whether they begin as TLS does, with a hello or an alert; `null` while they are too short to say. What begins
   * otherwise, and from the start, is clear text.
   */
  get beginsTls(): boolean | null {
    if (this.missing > 0) return null
    const bytes = this.#bytes
    const has = (at: number): boolean => this.length > at
    if (!isTlsVersion(bytes, 1, this.length)) return false
    if (has(0) && bytes[0] === ContentType.Alert) {
      if (has(4)) return bytes[3] === 0 && bytes[4] === 2
      return null
    }
    if (has(0) && bytes[0] !== ContentType.Handshake) return false
    if (has(4) && !isRecordLength(bytes, 3)) return false
    if (has(5) && bytes[5] !== HandshakeType.ClientHello && bytes[5] !== HandshakeType.ServerHello) return false
    if (!isTlsVersion(bytes, 9, this.length)) return false
    return has(HELLO_PROBE - 1) ? true : null
  }

  /** Whether they are records as far as they go, one after the other. */
  get areRecords(): boolean {
    if (this.missing === 0) return this.#recordsFrom(0).whole > 0
    for (let at = 0; at < Math.min(this.length, MAX_RECORD + RECORD_HEADER); at++) {
      const { begun, whole } = this.#recordsFrom(at)
      if (begun > 1 || whole > 0) return true
    }
    return false
  }

  /** Number of records from there to the end, the last of them perhaps cut; 0 where something else follows. */
  #recordsFrom(from: number): { begun: number; whole: number } {
    let begun = 0
    let at = from
    while (this.length - at >= RECORD_HEADER) {
      if (!isRecordHeader(this.#bytes, at)) return { begun: 0, whole: 0 }
      at += RECORD_HEADER + u16be(this.#bytes, at + 3)
      begun++
    }
    return { begun, whole: at > this.length ? begun - 1 : begun }
  }

  /** Hands all of it to a reader, packet by packet. */
  handTo(reader: Pick<PayloadSink, 'bytes' | 'gap'>, direction: Direction): void {
    const [first] = this.#places
    if (this.missing > 0) reader.gap(direction, this.missing, first?.frame ?? 0, first?.time ?? 0)
    for (const [index, { at, frame, time }] of this.#places.entries()) {
      const end = this.#places[index + 1]?.at ?? this.length
      const chunk = { bytes: this.#bytes, start: at, end, offset: this.missing + at, frame, time, acknowledged: -1 }
      reader.bytes(direction, chunk)
    }
    this.#places.length = 0
    this.#bytes = new Uint8Array(0)
    this.length = 0
  }

  /** The packet with the first of them; infinite without any. */
  get firstFrame(): number {
    return this.#places[0]?.frame ?? Infinity
  }
}

function isRecordHeader(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]!
  if (type < ContentType.ChangeCipherSpec || type > ContentType.ApplicationData) return false
  return isTlsVersion(bytes, at + 1, at + RECORD_HEADER) && isRecordLength(bytes, at + 3)
}

function isRecordLength(bytes: Uint8Array, at: number): boolean {
  const length = u16be(bytes, at)
  return length > 0 && length <= MAX_RECORD
}
