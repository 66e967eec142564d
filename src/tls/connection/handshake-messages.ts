import { HANDSHAKE_HEADER, HandshakeType } from '../record-layer.js'
import type { ByteBudget } from './byte-budget.js'

/** A handshake message (RFC 8446 §4). */
export interface HandshakeMessage {
  type: number
  /** Without the header. */
  body: Uint8Array
  /** With it, as it enters the hash of the handshake. */
  whole: Uint8Array
}

/** Longest message that is put together: certificate chains stay far below it. */
const MAX_MESSAGE = 64 * 1024
const TYPES: ReadonlySet<number> = new Set(Object.values(HandshakeType))
/** Longest message that is believed when it may begin in the middle of another. */
const PLAUSIBLE = 32 * 1024

/** Puts the handshake messages of one direction together: they may span records, and share one (RFC 8446 §5.1). */
export class HandshakeMessages {
  readonly #budget: ByteBudget
  #kept: Uint8Array | null = null
  /** Bytes of a message that is too long which are still to come. */
  #passing = 0
  /** A record was lost: what follows may be the middle of a message. */
  #uncertain = false

  constructor(budget: ByteBudget) {
    this.#budget = budget
  }

  /** Messages that the content of a record completes. */
  push(content: Uint8Array): HandshakeMessage[] {
    const passed = Math.min(this.#passing, content.length)
    this.#passing -= passed
    let bytes = this.#joined(content.subarray(passed))
    const messages: HandshakeMessage[] = []
    while (bytes.length >= HANDSHAKE_HEADER) {
      const type = bytes[0]!
      const length = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!
      if (this.#uncertain && (!TYPES.has(type) || length > PLAUSIBLE)) return messages
      this.#uncertain = false
      const end = HANDSHAKE_HEADER + length
      if (end > MAX_MESSAGE) {
        this.#passing = Math.max(0, end - bytes.length)
        bytes = bytes.subarray(Math.min(end, bytes.length))
        continue
      }
      if (bytes.length < end) break
      messages.push({ type, body: bytes.subarray(HANDSHAKE_HEADER, end), whole: bytes.subarray(0, end) })
      bytes = bytes.subarray(end)
    }
    this.#keep(bytes)
    return messages
  }

  /** Bytes are missing before the next record. */
  lost(): void {
    this.clear()
    this.#uncertain = true
  }

  clear(): void {
    if (this.#kept) this.#budget.give(this.#kept.length)
    this.#kept = null
    this.#passing = 0
  }

  #joined(content: Uint8Array): Uint8Array {
    const kept = this.#kept
    if (!kept) return content
    const bytes = new Uint8Array(kept.length + content.length)
    bytes.set(kept)
    bytes.set(content, kept.length)
    this.#budget.give(kept.length)
    this.#kept = null
    return bytes
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.#budget.take(bytes.length)) this.#kept = bytes.slice()
    else this.#uncertain = true
  }
}
