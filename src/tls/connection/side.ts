import type { Direction } from '../../tcp/connection.js'
import type { Place } from '../events.js'
import { ALERT_LENGTH, RECORD_HEADER } from '../record-layer.js'
import { RecordReader, type RecordSink } from '../record-reader.js'
import type { ByteBudget } from './byte-budget.js'
import { ContentState } from './content-state.js'
import { HandshakeMessages } from './handshake-messages.js'
import type { Negotiation } from './negotiation.js'
import { type Opener, recordsWithin } from './opener.js'

/** A record of one direction. */
export interface WireRecord {
  direction: Direction
  type: number
  version: number
  /** Of the body, as in its header. */
  length: number
  /** `null` if parts of it are missing, or if it is not `wanted`. */
  body: Uint8Array | null
  /** `null` if its content is to be read; otherwise its last bytes, as many as are needed to tell how long that is. */
  tail: Uint8Array | null
  /** Records like this one that follow each other: more than one only where no body is wanted. */
  count: number
  place: Place
  /** Bytes of the direction before its header, and up to its end. */
  start: number
  end: number
  /** Bytes that are missing before it, and at most so many records among them. */
  lostBytes: number
  mayMiss: number
}

const NOTHING = new Uint8Array(0)

/** Of a record, all bytes are wanted. */
export const WHOLE = Infinity

/** The records of one direction, and how far their protection is known. */
export class Side implements RecordSink {
  readonly direction: Direction
  readonly reader = new RecordReader(this)
  readonly messages: HandshakeMessages
  /** `null` in the clear, and while no secret is known. */
  opener: Opener | null = null
  /** ChangeCipherSpec came: what follows is encrypted (up to TLS 1.2), as this handshake agreed. */
  changed = false
  negotiation: Negotiation | null = null
  /** Encrypted records that passed without an opener, and how many more there may have been. */
  passed = 0
  mayMiss = 0
  /** Something of this direction is missing. */
  lossy = false
  /** An encrypted record was seen. */
  encrypted = false
  /** Of the packet whose bytes are read. */
  place: Place = { frame: 0, time: 0 }
  readonly content = new ContentState()

  readonly #budget: ByteBudget
  readonly #record: (record: WireRecord) => void
  readonly #wanted: (type: number, length: number) => number
  #type = 0
  #version = 0
  #length = 0
  #start = 0
  /** Last bytes of the open record, where no more of it are wanted. */
  #tail: Uint8Array | null = null
  /** The open record's body so far; `#pieces` is not used for one that is complete in one packet. */
  #pieces: Uint8Array[] = []
  #kept = 0
  #holed = false
  /** Bytes missing since the last header; `#missing` if that is more than the current record. */
  #lostBytes = 0
  #missing = false

  /** `wanted`: how many bytes at the end of a record are wanted, by its type and length. */
  constructor(
    direction: Direction,
    budget: ByteBudget,
    record: (record: WireRecord) => void,
    wanted: (type: number, length: number) => number,
  ) {
    this.direction = direction
    this.#budget = budget
    this.#record = record
    this.#wanted = wanted
    this.messages = new HandshakeMessages(budget)
  }

  header(type: number, version: number, length: number): void {
    this.#type = type
    this.#version = version
    this.#length = length
    this.#start = this.reader.offset - RECORD_HEADER
    this.#drop()
    this.#holed = false
    const wanted = this.#wanted(type, length)
    this.#tail = wanted === WHOLE ? null : wanted === 0 ? NOTHING : new Uint8Array(Math.min(wanted, length))
    if (this.reader.passedOver > 0) this.#missing = true
    this.#lostBytes += this.reader.passedOver
  }

  body(bytes: Uint8Array, at: number, taken: number, position: number): void {
    const complete = position + taken === this.#length
    if (this.#tail) {
      this.#keepTail(this.#tail, bytes, at, taken, position)
      if (complete) this.#complete(null)
      return
    }
    if (complete && position === 0) {
      this.#complete(bytes.subarray(at, at + taken))
      return
    }
    if (!this.#holed && this.#budget.take(taken)) {
      this.#pieces.push(bytes.slice(at, at + taken))
      this.#kept += taken
    } else {
      this.#drop()
      this.#holed = true
    }
    if (complete) this.#complete(this.#holed ? null : this.#whole())
  }

  /** `length` bytes are missing. */
  gap(length: number): void {
    const where = this.reader.gap(length)
    if (where === 'lost') {
      this.#lost(length)
      return
    }
    this.#drop()
    this.#holed = true
    if (this.#tail) {
      this.content.missingBytes += length
      this.#tail = NOTHING
    }
    if (where === 'end') this.#complete(null)
  }

  /** Record boundaries are not known: bytes before are missing. */
  lose(): void {
    this.reader.lose()
    this.#lost(0)
  }

  /** What is missing may have been content, and no record since then tells how much. */
  get endsInLoss(): boolean {
    return (this.#missing && !this.#missesAlert) || this.content.hasLost
  }

  /** As much is missing at the end as a close_notify has. */
  get #missesAlert(): boolean {
    const proven = this.opener?.proven
    return proven?.tail === 0 && proven.contentLength(this.#lostBytes - RECORD_HEADER, NOTHING) === ALERT_LENGTH
  }

  #lost(length: number): void {
    this.#drop()
    this.#missing = true
    this.#lostBytes += length
  }

  /** Frees what is held. */
  end(): void {
    this.#drop()
    this.messages.clear()
  }

  #complete(body: Uint8Array | null): void {
    const mayMiss = this.#missing ? recordsWithin(this.#lostBytes) : 0
    const lostBytes = this.#lostBytes
    this.#missing = false
    this.#lostBytes = 0
    const tail = this.#tail
    this.#tail = null
    this.#record({
      direction: this.direction,
      type: this.#type,
      version: this.#version,
      length: this.#length,
      body,
      tail,
      count: 1,
      place: this.place,
      start: this.#start,
      end: this.reader.offset,
      lostBytes,
      mayMiss,
    })
    this.#drop()
  }

  #keepTail(tail: Uint8Array, bytes: Uint8Array, at: number, taken: number, position: number): void {
    const from = Math.max(position, this.#length - tail.length)
    if (from < position + taken)
      tail.set(bytes.subarray(at + from - position, at + taken), from - (this.#length - tail.length))
  }

  #whole(): Uint8Array {
    const body = new Uint8Array(this.#length)
    let at = 0
    for (const piece of this.#pieces) {
      body.set(piece, at)
      at += piece.length
    }
    return body
  }

  #drop(): void {
    if (this.#kept === 0) return
    this.#budget.give(this.#kept)
    this.#kept = 0
    this.#pieces = []
  }
}
