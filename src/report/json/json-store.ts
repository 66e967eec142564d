import type { SessionReport } from '../contract.js'
import { jsonAfterId } from './session-json.js'
import { inOrder, type Numbered, numbersOf } from '../summary/session-order.js'

/** What encodes UTF-8: a `TextEncoder`, which Node and browsers have. */
export interface Utf8Encoder {
  encode(text: string): Uint8Array
  encodeInto(text: string, into: Uint8Array): { written: number }
}

/** Compresses blocks of text, fast rather than well. */
export interface BlockCodec {
  compress(bytes: Uint8Array): Uint8Array
  expand(bytes: Uint8Array): Uint8Array
}

/** Without a codec, blocks stay as they are. */
const AS_IT_IS: BlockCodec = { compress: (bytes) => bytes.slice(), expand: (bytes) => bytes }

/** Bytes of one block: forty sessions, which have most of their text in common. */
const BLOCK = 1 << 18
/** Bytes of a piece that is handed out. */
const PIECE = 1 << 20
/** UTF-8 takes up to three bytes per code unit of a string. */
const MOST_BYTES = 3
/** Blocks that are kept expanded: sessions of one block end one after the other, and begin nearly in that order. */
const KEPT_BLOCKS = 8

interface Stored extends Numbered {
  block: number
  start: number
  /** 0 for a session without text. */
  end: number
}

/**
 * Sessions as JSON in UTF-8, in compressed blocks: less than 1 KB each where their objects take 20 KB, and invisible to
 * the garbage collector. Final ids are known only when all sessions are sorted by their first frame, so the text is
 * stored without them.
 */
export class JsonStore {
  readonly #utf8: Utf8Encoder
  readonly #codec: BlockCodec
  readonly #sessions: Stored[] = []
  #size = 0
  readonly #blocks: Uint8Array[] = []
  readonly #expanded = new Map<number, Uint8Array>()
  #block = new Uint8Array(BLOCK)
  #used = 0
  #numberOf: ((id: number) => number) | null = null

  constructor(utf8: Utf8Encoder, codec: BlockCodec = AS_IT_IS) {
    this.#utf8 = utf8
    this.#codec = codec
  }

  /** Takes the next session that ended. */
  add(session: SessionReport): void {
    const { id, firstFrame } = session
    const text = jsonAfterId(session)
    const most = text.length * MOST_BYTES
    if (this.#used + most > this.#block.length) this.#close(most)
    const start = this.#used
    this.#used += this.#utf8.encodeInto(text, this.#block.subarray(start)).written
    this.#sessions.push({ id, firstFrame, block: this.#blocks.length, start, end: this.#used })
    this.#size++
    this.#numberOf = null
  }

  /** A session without text, for the numbers of the others. */
  leaveOut({ id, firstFrame }: Numbered): void {
    this.#sessions.push({ id, firstFrame, block: 0, start: 0, end: 0 })
    this.#numberOf = null
  }

  /** Number of sessions with text. */
  get size(): number {
    return this.#size
  }

  /** The id under which a session is reported: from 1 in the order of first frames. */
  idOf(id: number): number {
    this.#numberOf ??= numbersOf(this.#sessions)
    return this.#numberOf(id)
  }

  /** All sessions with their final ids, with `separator` between them, in pieces of about a megabyte. */
  *pieces(separator: string): Iterable<Uint8Array<ArrayBuffer>> {
    let piece = new Uint8Array(PIECE)
    let used = 0
    let before = ''
    for (const [index, { block, start, end }] of inOrder(this.#sessions).entries()) {
      // A session without text.
      if (end === 0) continue
      const head = this.#utf8.encode(`${before}{"id":${index + 1}`)
      before = separator
      const length = head.length + end - start
      if (used + length > piece.length) {
        yield piece.subarray(0, used)
        piece = new Uint8Array(Math.max(PIECE, length))
        used = 0
      }
      piece.set(head, used)
      piece.set(this.#expand(block).subarray(start, end), used + head.length)
      used += length
    }
    yield piece.subarray(0, used)
  }

  /** Begins a block with room for at least so many bytes. */
  #close(least: number): void {
    if (this.#used > 0) this.#blocks.push(this.#codec.compress(this.#block.subarray(0, this.#used)))
    if (least > this.#block.length || this.#block.length > BLOCK) this.#block = new Uint8Array(Math.max(BLOCK, least))
    this.#used = 0
  }

  #expand(block: number): Uint8Array {
    if (block === this.#blocks.length) return this.#block
    const bytes = this.#expanded.get(block) ?? this.#codec.expand(this.#blocks[block]!)
    // Inserted anew: the map's order is that of the latest use.
    this.#expanded.delete(block)
    this.#expanded.set(block, bytes)
    if (this.#expanded.size > KEPT_BLOCKS) this.#expanded.delete(this.#expanded.keys().next().value!)
    return bytes
  }
}
