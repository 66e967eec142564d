/**
 * TLS record framing (RFC 8446 §5.1, the same since SSL 3.0) of one direction: enough to know where records begin, so
 * that clear text after them is recognized, and to read what is not encrypted. Nothing is decrypted, no record is kept.
 */

import {
  ALERT_LENGTH,
  ContentType,
  HANDSHAKE_HEADER,
  HandshakeType,
  isTlsVersion,
  RECORD_HEADER,
} from './record-layer.js'

/** The last content type (RFC 6520). TLS never begins with it, so it counts only between records. */
const HEARTBEAT = 24
/** 2^14 plus the 2048 that TLS 1.2 allows an encrypted record. */
const MAX_RECORD = 16_384 + 2048
/** Longer than an encrypted alert of TLS 1.3 (2 + 1 + 16), shorter than its Finished (4 + 32 + 1 + 16). */
const SHORTEST_FINISHED = 40

/** Bytes kept of a ClientHello, with the header of its message. */
const HELLO = 2048

export interface TlsRecordEvents {
  /** Type of a handshake message at the start of an unencrypted record: 1 ClientHello, 2 ServerHello. */
  handshake(type: number): void
  /** A ClientHello, without the header of its message, up to `HELLO` bytes; `cut` if it is longer. */
  clientHello(message: Uint8Array, cut: boolean): void
  /** An alert; level and description (RFC 8446 §6) are `null` if it is encrypted. */
  alert(level: number | null, description: number | null): void
  /** An application data record begins; length as in its header. */
  applicationData(length: number): void
}

export class TlsRecords {
  readonly #events: TlsRecordEvents
  readonly #header = new Uint8Array(RECORD_HEADER)
  #headerLength = 0
  #type = 0
  #length = 0
  /** Bytes of the current record's body still to come. */
  #remaining = 0
  #first = 0
  #changedCipher = false
  /** The first ClientHello while it is incomplete. */
  #hello: Uint8Array | null = null
  /** False after a gap or damage lost the record boundaries. */
  aligned = true
  /** This side completed its handshake: an encrypted handshake record after ChangeCipherSpec, or application data. */
  finished = false

  constructor(events: TlsRecordEvents) {
    this.#events = events
  }

  /** Starts after a record whose header was read elsewhere (SSL 2.0 framing of an old ClientHello). */
  skip(length: number): void {
    this.#type = 0
    this.#remaining = length
  }

  /** Reads up to a boundary at which something other than a record begins, or to the end; returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to) {
      if (this.#remaining > 0) {
        const taken = Math.min(this.#remaining, to - at)
        this.#body(bytes, at, taken)
        at += taken
      } else if (this.aligned) {
        if (this.#headerLength === 0 && !this.#isType(bytes[at]!)) return at
        this.#header[this.#headerLength++] = bytes[at++]!
        if (this.#headerLength === RECORD_HEADER && !this.#begin()) this.aligned = false
      } else {
        this.#scan(bytes[at++]!)
      }
    }
    return at
  }

  /** `length` bytes are missing: the framing is kept if all of them belong to the current record's body. */
  gap(length: number): void {
    this.#hello = null
    if (this.#headerLength === 0 && length <= this.#remaining) this.#remaining -= length
    else this.lose()
  }

  /** Record boundaries are unknown from here on: look for a header. */
  lose(): void {
    this.aligned = false
    this.#remaining = 0
    this.#headerLength = 0
  }

  #isType(byte: number): boolean {
    return byte >= ContentType.ChangeCipherSpec && byte <= HEARTBEAT
  }

  #scan(byte: number): void {
    if (this.#headerLength === RECORD_HEADER) {
      this.#header.copyWithin(0, 1)
      this.#headerLength--
    }
    this.#header[this.#headerLength++] = byte
    if (this.#headerLength === RECORD_HEADER && this.#begin()) this.aligned = true
  }

  /** Reads the header; false if it is not one. */
  #begin(): boolean {
    const header = this.#header
    const length = (header[3]! << 8) | header[4]!
    if (!this.#isType(header[0]!) || !isTlsVersion(header, 1, RECORD_HEADER) || length === 0 || length > MAX_RECORD)
      return false
    this.#headerLength = 0
    this.#type = header[0]!
    this.#length = length
    this.#remaining = length
    if (this.#type === ContentType.ApplicationData) {
      if (length >= SHORTEST_FINISHED) this.finished = true
      this.#events.applicationData(length)
    }
    if (this.#type === ContentType.Handshake && this.#changedCipher) this.finished = true
    return true
  }

  #body(bytes: Uint8Array, at: number, taken: number): void {
    const position = this.#length - this.#remaining
    this.#remaining -= taken
    if (this.#type === ContentType.Handshake && !this.#changedCipher) this.#handshake(bytes, at, taken, position)
    if (this.#type === ContentType.Alert) this.#alert(bytes, at, taken, position)
    if (this.#type === ContentType.ChangeCipherSpec && this.#remaining === 0) this.#changedCipher = true
  }

  #handshake(bytes: Uint8Array, at: number, taken: number, position: number): void {
    if (position === 0) {
      this.#events.handshake(bytes[at]!)
      this.#hello = bytes[at] === HandshakeType.ClientHello ? new Uint8Array(Math.min(this.#length, HELLO)) : null
    }
    const hello = this.#hello
    if (!hello || position >= hello.length) return
    const kept = Math.min(taken, hello.length - position)
    hello.set(bytes.subarray(at, at + kept), position)
    if (position + kept < hello.length) return
    this.#hello = null
    this.#events.clientHello(hello.subarray(HANDSHAKE_HEADER), this.#length > HELLO)
  }

  #alert(bytes: Uint8Array, at: number, taken: number, position: number): void {
    // An alert has two bytes, and is longer when encrypted, whatever the cipher.
    if (this.#length !== ALERT_LENGTH) {
      if (position === 0) this.#events.alert(null, null)
      return
    }
    if (position === 0) this.#first = bytes[at]!
    if (this.#remaining === 0) this.#events.alert(this.#first, bytes[at + taken - 1]!)
  }
}
