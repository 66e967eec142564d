import { isRetry } from './hello.js'
import { ALERT_LENGTH, ContentType, HANDSHAKE_HEADER, HandshakeType } from './record-layer.js'
import { RecordReader, type RecordSink } from './record-reader.js'

/** Longer than an encrypted alert of TLS 1.3 (2 + 1 + 16), shorter than its Finished (4 + 32 + 1 + 16). */
const SHORTEST_FINISHED = 40

/** Bytes kept of a ClientHello, with the header of its message. */
const HELLO = 2048

export interface TlsRecordEvents {
  /** Type of a handshake message at the start of an unencrypted record: 1 ClientHello, 2 ServerHello. */
  handshake(type: number): void
  /** A ClientHello, without the header of its message, up to `HELLO` bytes; `cut` if it is longer. */
  clientHello(message: Uint8Array, cut: boolean): void
  /** The same of a ServerHello. */
  serverHello(message: Uint8Array, cut: boolean): void
  /** An alert; level and description (RFC 8446 §6) are `null` if it is encrypted. */
  alert(level: number | null, description: number | null): void
  /** An application data record begins; length as in its header. */
  applicationData(length: number): void
}

/**
 * What one direction's records show without any key: where they begin and end, so that clear text after them is
 * recognized, and what is not encrypted. Nothing is decrypted, no record is kept; `TlsDecoder` does both.
 */
export class TlsRecords implements RecordSink {
  readonly #events: TlsRecordEvents
  readonly #reader = new RecordReader(this)
  #type = 0
  #length = 0
  /** Type of the handshake message at the start of the current record. */
  #message = 0
  #first = 0
  #changedCipher = false
  /** A HelloRetryRequest was sent. */
  #retried = false
  /** A ClientHello or ServerHello while it is incomplete. */
  #hello: Uint8Array | null = null
  /** This side completed its handshake: an encrypted handshake record after ChangeCipherSpec, or application data. */
  finished = false

  constructor(events: TlsRecordEvents) {
    this.#events = events
  }

  /** As in `RecordReader`. */
  get aligned(): boolean {
    return this.#reader.aligned
  }

  /** As in `RecordReader`. */
  skip(length: number): void {
    this.#reader.skip(length)
  }

  /** Reads up to a boundary at which something other than a record begins, or to the end; returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number): number {
    return this.#reader.read(bytes, from, to)
  }

  /** `length` bytes are missing: the framing is kept if all of them belong to the current record's body. */
  gap(length: number): void {
    this.#hello = null
    this.#reader.gap(length)
  }

  /** Record boundaries are unknown from here on: look for a header. */
  lose(): void {
    this.#reader.lose()
  }

  header(type: number, _version: number, length: number): void {
    this.#type = type
    this.#length = length
    if (type === ContentType.ApplicationData) {
      if (length >= SHORTEST_FINISHED) this.finished = true
      this.#events.applicationData(length)
    }
    if (type === ContentType.Handshake && this.#changedCipher) this.finished = true
  }

  body(bytes: Uint8Array, at: number, taken: number, position: number): void {
    const complete = position + taken === this.#length
    if (this.#type === ContentType.Handshake && !this.#changedCipher) this.#handshake(bytes, at, taken, position)
    if (this.#type === ContentType.Alert) this.#alert(bytes, at, taken, position)
    if (this.#type === ContentType.ChangeCipherSpec && complete) {
      // After a HelloRetryRequest it changes nothing, and the ServerHello is still to come (RFC 8446 §D.4).
      if (this.#retried) this.#retried = false
      else this.#changedCipher = true
    }
  }

  #handshake(bytes: Uint8Array, at: number, taken: number, position: number): void {
    if (position === 0) {
      this.#events.handshake(bytes[at]!)
      this.#message = bytes[at]!
      this.#hello = isHello(this.#message) ? new Uint8Array(Math.min(this.#length, HELLO)) : null
    }
    const hello = this.#hello
    if (!hello || position >= hello.length) return
    const kept = Math.min(taken, hello.length - position)
    hello.set(bytes.subarray(at, at + kept), position)
    if (position + kept < hello.length) return
    this.#hello = null
    if (this.#message === HandshakeType.ServerHello) this.#retried = isRetry(hello, HANDSHAKE_HEADER)
    const event = this.#message === HandshakeType.ClientHello ? 'clientHello' : 'serverHello'
    this.#events[event](hello.subarray(HANDSHAKE_HEADER), this.#length > HELLO)
  }

  #alert(bytes: Uint8Array, at: number, taken: number, position: number): void {
    // An alert has two bytes, and is longer when encrypted, whatever the cipher.
    if (this.#length !== ALERT_LENGTH) {
      if (position === 0) this.#events.alert(null, null)
      return
    }
    if (position === 0) this.#first = bytes[at]!
    if (position + taken === this.#length) this.#events.alert(this.#first, bytes[at + taken - 1]!)
  }
}

function isHello(type: number): boolean {
  return type === HandshakeType.ClientHello || type === HandshakeType.ServerHello
}
