import type { Packet } from '../wire/packet.js'

/** Record sizes of an alert on the wire: 2 in the clear, up to 64 with the IV, padding and MAC of old ciphers. */
const LONGEST_ALERT = 64
const HEADER = 5
const KEPT = HEADER + LONGEST_ALERT
const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const APPLICATION_DATA = 23
/** In TLS 1.3 it is application data by its type, with 2 bytes, type and tag: shorter than any other record. */
const ALERT13 = 19

/** The bytes begin as a TLS record does (RFC 8446 §5.1). */
export function beginsLikeTls(head: Uint8Array): boolean {
  return head.length > 1 && head[1] === 3 && head[0]! >= CHANGE_CIPHER_SPEC && head[0]! <= APPLICATION_DATA
}

/** The last bytes of a direction under TLS, whatever segments they came in, to recognize the alert that ends it. */
export class TlsTail {
  readonly #bytes = new Uint8Array(KEPT)
  /** How many of them, at the end of the buffer, are known; and the offset after the last one. */
  #known = 0
  #end = 0

  /** Takes the payload of a segment, `offset` bytes after the first one of its direction. */
  add({ bytes, payloadStart, payloadEnd, payloadLength }: Packet, offset: number): void {
    const end = offset + payloadLength
    const length = payloadEnd - payloadStart
    if (end === this.#end - this.#known && length === payloadLength) {
      // It came late.
      this.#fill(KEPT - this.#known, bytes, payloadStart, payloadEnd)
      return
    }
    if (end <= this.#end) return
    if (length < payloadLength) this.#known = 0
    else {
      const kept = offset === this.#end ? Math.min(this.#known, Math.max(0, KEPT - length)) : 0
      this.#bytes.copyWithin(KEPT - length - kept, KEPT - kept)
      this.#known = kept
      this.#fill(KEPT, bytes, payloadStart, payloadEnd)
    }
    this.#end = end
  }

  /** Puts the last bytes of a range before a position of the buffer. */
  #fill(to: number, bytes: Uint8Array, start: number, end: number): void {
    const length = Math.min(end - start, to)
    for (let i = 1; i <= length; i++) this.#bytes[to - i] = bytes[end - i]!
    this.#known = Math.min(KEPT, this.#known + length)
  }

  /** Whether the bytes before that offset are an alert record: the close_notify after the data (RFC 8446 §6.1). */
  isAlertBefore(end: number): boolean {
    if (end !== this.#end) return false
    const bytes = this.#bytes
    for (let length = 2; HEADER + length <= this.#known; length++) {
      const at = KEPT - length - HEADER
      const type = length === ALERT13 && bytes[at] === APPLICATION_DATA ? ALERT : bytes[at]
      if (type === ALERT && bytes[at + 1] === 3 && bytes[at + 3] === 0 && bytes[at + 4] === length) return true
    }
    return false
  }
}
