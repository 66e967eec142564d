import { LF } from '../../bytes/ascii.js'

const CHUNK_BITS = 10
const CHUNK = 1 << CHUNK_BITS
const MASK = CHUNK - 1
const SEQUENCES = 2 ** 32
/** Of a line that is longer, no more is looked at on each side of a segment. */
const LONGEST_CONTEXT = 16_384

const UNSEEN = 0
const TEXT = 1
const RECORD = 2

interface Chunk {
  bytes: Uint8Array
  /** Whether a byte was seen, and is part of a TLS record. */
  kinds: Uint8Array
  /** What takes the place of bytes of records. */
  images: Uint8Array | null
}

/** Contiguous bytes of a direction. */
export interface Run {
  sequence: number
  bytes: Uint8Array
}

/** The bytes of one direction of a connection by sequence number, whatever order they come in; the first ones stay. */
export class ByteStore {
  readonly #chunks = new Map<number, Chunk>()

  /** Returns how many bytes of memory it took. */
  add(sequence: number, bytes: Uint8Array, from: number, to: number): number {
    const before = this.#chunks.size
    for (let at = from; at < to; at++) {
      const position = (sequence + at - from) >>> 0
      const chunk = this.#chunk(position)
      const within = position & MASK
      if (chunk.kinds[within] !== UNSEEN) continue
      chunk.kinds[within] = TEXT
      chunk.bytes[within] = bytes[at]!
    }
    return (this.#chunks.size - before) * 2 * CHUNK
  }

  *runs(): Generator<Run> {
    const keys = [...this.#chunks.keys()].sort((a, b) => a - b)
    let bytes: number[] = []
    let start = 0
    for (const [index, key] of keys.entries()) {
      if (index > 0 && keys[index - 1] !== key - 1 && bytes.length > 0) {
        yield { sequence: start, bytes: Uint8Array.from(bytes) }
        bytes = []
      }
      const { bytes: own, kinds } = this.#chunks.get(key)!
      for (let at = 0; at < CHUNK; at++) {
        if (kinds[at] !== UNSEEN) {
          if (bytes.length === 0) start = key * CHUNK + at
          bytes.push(own[at]!)
        } else if (bytes.length > 0) {
          yield { sequence: start, bytes: Uint8Array.from(bytes) }
          bytes = []
        }
      }
    }
    if (bytes.length > 0) yield { sequence: start, bytes: Uint8Array.from(bytes) }
  }

  /** These bytes are of TLS records, and are replaced by others. */
  setImage(sequence: number, image: Uint8Array): void {
    for (let at = 0; at < image.length; at++) {
      const position = (sequence + at) >>> 0
      const chunk = this.#chunk(position)
      chunk.kinds[position & MASK] = RECORD
      chunk.images ??= new Uint8Array(CHUNK)
      chunk.images[position & MASK] = image[at]!
    }
  }

  /** What takes the place of a byte of a record there; -1 where there is none, 256 more if the byte is another one. */
  imageAt(sequence: number, byte: number): number {
    const chunk = this.#chunks.get(sequence >>> CHUNK_BITS)
    if (chunk?.kinds[sequence & MASK] !== RECORD) return -1
    const image = chunk.images![sequence & MASK]!
    return chunk.bytes[sequence & MASK] === byte ? image : 256 + image
  }

  /** Whether a byte of text was seen there. */
  isText(sequence: number): boolean {
    return this.#textAt(sequence) >= 0
  }

  /** The rest of a line before this sequence number, and the one of the line that is open after it. */
  before(sequence: number): Uint8Array {
    const bytes: number[] = []
    for (let at = 1; at <= LONGEST_CONTEXT; at++) {
      const byte = this.#textAt((sequence - at + SEQUENCES) % SEQUENCES)
      if (byte < 0 || byte === LF) break
      bytes.push(byte)
    }
    return Uint8Array.from(bytes.reverse())
  }

  after(sequence: number): Uint8Array {
    const bytes: number[] = []
    for (let at = 0; at < LONGEST_CONTEXT; at++) {
      const byte = this.#textAt((sequence + at) % SEQUENCES)
      if (byte < 0) break
      bytes.push(byte)
      if (byte === LF) break
    }
    return Uint8Array.from(bytes)
  }

  #textAt(sequence: number): number {
    const chunk = this.#chunks.get(sequence >>> CHUNK_BITS)
    return chunk?.kinds[sequence & MASK] === TEXT ? chunk.bytes[sequence & MASK]! : -1
  }

  #chunk(sequence: number): Chunk {
    const key = sequence >>> CHUNK_BITS
    let chunk = this.#chunks.get(key)
    if (!chunk) {
      chunk = { bytes: new Uint8Array(CHUNK), kinds: new Uint8Array(CHUNK), images: null }
      this.#chunks.set(key, chunk)
    }
    return chunk
  }
}
