/** Fragments start at multiples of 8 bytes, and the length of all but the last is a multiple of 8 (RFC 791 §3.1). */
export const BLOCK = 8
/** Largest IPv4 datagram and largest IPv6 payload; a fragment's offset and length can exceed it. */
const LARGEST = 65535
const SMALLEST_BUFFER = 2048

/** Where a part of a datagram is: its frame, the offset of its first payload byte there, and in the datagram. */
export interface FragmentPlace {
  frame: number
  at: number
  offset: number
}

/** Memory of one. */
const PLACE_BYTES = 40

/** Result of adding a fragment. */
export const Added = {
  New: 0,
  /** All of it was known, with the same bytes: the frame was captured or sent twice. */
  Repeated: 1,
  /** Part of it was known, with the same bytes. */
  Overlapping: 2,
  /** It disagrees with earlier fragments about the bytes or the end of the datagram; the earlier ones were kept. */
  Conflicting: 3,
  /** It would end past the largest datagram; none of it was kept. */
  TooLarge: 4,
} as const
export type Added = (typeof Added)[keyof typeof Added]

/** A datagram being reassembled: source and destination address, followed by the payload. */
export class Datagram {
  /** Time at which reassembly is given up, in nanoseconds since the first frame of the input. */
  readonly expires: number
  /** Length of both addresses: where the payload starts in `buffer`. */
  readonly headerLength: number
  /** Protocol of the fragment at offset 0; -1 before it was seen. For IPv6 only this one counts (RFC 8200 §4.5). */
  protocol = -1
  /** Of the fragments that brought something new. */
  readonly places: FragmentPlace[] = []
  buffer: Uint8Array
  /** One byte per block of payload: 1 when it was seen. This costs an eighth more and is simpler than a bitmap. */
  #seen: Uint8Array
  #blocks = 0
  #highest = 0
  /** Payload length, known from the last fragment by offset. */
  #length = -1

  constructor(addresses: Uint8Array, expires: number) {
    this.expires = expires
    this.headerLength = addresses.length
    this.buffer = new Uint8Array(addresses.length + SMALLEST_BUFFER)
    this.buffer.set(addresses)
    this.#seen = new Uint8Array(SMALLEST_BUFFER / BLOCK)
  }

  /** Bytes of memory held. */
  get size(): number {
    return this.buffer.length + this.#seen.length + this.places.length * PLACE_BYTES
  }

  get complete(): boolean {
    return this.#length >= 0 && this.#blocks === Math.ceil(this.#length / BLOCK)
  }

  /** Payload length; -1 until the last fragment by offset was seen. */
  get payloadLength(): number {
    return this.#length
  }

  /** Adds `bytes[start..end)` at payload offset `offset`, a multiple of 8. Known bytes are not overwritten. */
  add(bytes: Uint8Array, start: number, end: number, offset: number, last: boolean): Added {
    // A fragment other than the last cannot end inside a block; the excess is dropped, as Linux does.
    let length = last ? end - start : (end - start) & ~(BLOCK - 1)
    if (offset + length > LARGEST) return Added.TooLarge
    let conflict = false
    if (last) {
      if (this.#length < 0 && offset + length >= this.#highest) this.#length = offset + length
      else conflict = this.#length !== offset + length
    }
    if (this.#length >= 0 && offset + length > this.#length) {
      conflict = true
      length = Math.max(0, this.#length - offset)
    }
    if (conflict && last) return Added.Conflicting
    this.#reserve(offset + length)
    this.#highest = Math.max(this.#highest, offset + length)

    let known = 0
    let fresh = 0
    for (let done = 0; done < length; done += BLOCK) {
      const block = (offset + done) / BLOCK
      const to = this.headerLength + offset + done
      const count = Math.min(BLOCK, length - done)
      if (this.#seen[block] === 1) {
        known++
        for (let i = 0; i < count; i++) if (this.buffer[to + i] !== bytes[start + done + i]) conflict = true
      } else {
        fresh++
        this.#seen[block] = 1
        for (let i = 0; i < count; i++) this.buffer[to + i] = bytes[start + done + i]!
      }
    }
    this.#blocks += fresh
    if (conflict) return Added.Conflicting
    return known === 0 ? Added.New : fresh === 0 ? Added.Repeated : Added.Overlapping
  }

  #reserve(length: number): void {
    const have = this.buffer.length - this.headerLength
    if (length <= have) return
    let size = have
    while (size < length) size *= 2
    const buffer = new Uint8Array(this.headerLength + size)
    buffer.set(this.buffer)
    this.buffer = buffer
    const seen = new Uint8Array(size / BLOCK)
    seen.set(this.#seen)
    this.#seen = seen
  }
}
