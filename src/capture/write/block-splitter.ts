import { LARGEST_KEPT_BLOCK_BYTES, LARGEST_PACKET_BLOCK_BYTES } from '../limits.js'
import { BLOCK_FRAME, BlockType, roundUp } from '../pcapng-blocks.js'

const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Takes the blocks of a pcapng file. */
export interface BlockSink {
  /** A complete block; a view, valid during the call. */
  block(bytes: Uint8Array, type: number, little: boolean): void
  /** A piece of a block that is too long to be held; `type` is its type. */
  piece(bytes: Uint8Array, type: number): void
  /** What follows is not a block: all bytes from here on, and of later calls. */
  rest(bytes: Uint8Array): void
}

/** Splits a pcapng file, pushed in as chunks of any size, into its blocks; nothing of it is changed or left out. */
export class BlockSplitter {
  readonly #sink: BlockSink
  #little = true
  /** The beginning of a block, and how many bytes must be there before it is looked at again. */
  #held = new Uint8Array(0)
  #heldLength = 0
  #need = 0
  /** Bytes yet to come of a block that is passed on in pieces, and its type. */
  #pieceLeft = 0
  #pieceType = 0
  #ended = false

  constructor(sink: BlockSink) {
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    if (this.#ended) {
      this.#sink.rest(chunk)
      return
    }
    if (this.#heldLength === 0) {
      this.#hold(chunk, this.#split(chunk))
      return
    }
    this.#hold(chunk, 0)
    if (this.#heldLength < this.#need) return
    const bytes = this.#held.subarray(0, this.#heldLength)
    this.#heldLength = 0
    const at = this.#split(bytes)
    this.#held = new Uint8Array(0)
    this.#hold(bytes, at)
  }

  /** The file has ended: what is left of a block that was cut off. */
  end(): void {
    if (this.#heldLength > 0) this.#sink.rest(this.#held.subarray(0, this.#heldLength))
    this.#heldLength = 0
  }

  /** Keeps bytes from `from` on; the buffer grows as bytes arrive, not as a length field claims. */
  #hold(bytes: Uint8Array, from: number): void {
    const length = this.#heldLength + bytes.length - from
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#heldLength))
      grown.set(this.#held.subarray(0, this.#heldLength))
      this.#held = grown
    }
    this.#held.set(bytes.subarray(from), this.#heldLength)
    this.#heldLength = length
  }

  #split(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    for (;;) {
      at += this.#pieces(bytes, at)
      const available = bytes.length - at
      this.#need = BLOCK_FRAME
      if (available < BLOCK_FRAME) return at
      if (view.getUint32(at, false) === BlockType.SectionHeader)
        this.#little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC
      const type = view.getUint32(at, this.#little)
      const length = roundUp(view.getUint32(at + 4, this.#little))
      if (length < BLOCK_FRAME || length > longest(type)) {
        this.#ended = true
        this.#sink.rest(bytes.subarray(at))
        return bytes.length
      }
      if (!isPacket(type) && length > LARGEST_KEPT_BLOCK_BYTES) {
        this.#pieceLeft = length
        this.#pieceType = type
      } else if (length > available) {
        this.#need = length
        return at
      } else {
        this.#sink.block(bytes.subarray(at, at + length), type, this.#little)
        at += length
      }
    }
  }

  /** Passes on what is there of a long block; returns its length. */
  #pieces(bytes: Uint8Array, at: number): number {
    const length = Math.min(this.#pieceLeft, bytes.length - at)
    if (length === 0) return 0
    this.#sink.piece(bytes.subarray(at, at + length), this.#pieceType)
    this.#pieceLeft -= length
    return length
  }
}

function isPacket(type: number): boolean {
  return type === BlockType.EnhancedPacket || type === BlockType.Packet || type === BlockType.SimplePacket
}

function longest(type: number): number {
  return isPacket(type) ? LARGEST_PACKET_BLOCK_BYTES : Infinity
}
