import { Decompress } from 'fzstd'
import { fileFormat, ZSTD_SIGNATURE } from '../bytes/file-signatures.js'
import { DamageError } from './damage-error.js'

const MIB = 1024 * 1024
/** Largest window accepted; also the default limit of the zstd tool. */
const LARGEST_WINDOW = 128 * MIB
/** Smallest window that a header can state (§3.1.1.1.2). */
const LEAST_WINDOW = 1024
/** Block_Maximum_Size (§3.1.1.2.4). */
const LARGEST_BLOCK = 128 * 1024

/** Lengths of the fields in a frame. */
const MAGIC_LENGTH = 4
const SKIP_SIZE_LENGTH = 4
const CHECKSUM_LENGTH = 4
const BLOCK_HEADER_LENGTH = 3

/** Fields of Frame_Header_Descriptor (§3.1.1.1.1). */
const SINGLE_SEGMENT = 0x20
const RESERVED_BIT = 0x08
const HAS_CHECKSUM = 0x04
/** Length of the dictionary id by the lowest two bits. */
const DICTIONARY_ID_LENGTHS = [0, 1, 2, 4] as const

/** Block_Type (§3.1.1.2.2). */
const RAW = 0
const RLE = 1
const RESERVED_TYPE = 3

/** Bytes that the decoder waits for before it parses a header: the longest possible header. */
const DECODER_HEADER_LENGTH = 18
/** Descriptor of such a header: no checksum, a 4-byte dictionary id, an 8-byte content size. */
const DECODER_DESCRIPTOR = 0xc3

/** What the next bytes are. */
type State = 'magic' | 'header' | 'block-header' | 'block' | 'checksum' | 'skip-length' | 'skip'

/**
 * Splits zstd data (RFC 8878) into blocks and decompresses them one by one. The decoder alone would decompress all of
 * its input at once, however large the output, and would allocate any window that a header requests.
 */
export class ZstdFrames {
  #state: State = 'magic'
  /** Bytes that the state needs, and how many of them are buffered. */
  #need = MAGIC_LENGTH
  #have = 0
  readonly #buffer = new Uint8Array(BLOCK_HEADER_LENGTH + LARGEST_BLOCK)
  #skip = 0
  #descriptor = 0
  #lastBlock = false
  #decoder = new Decompress()
  #output: Uint8Array[] = []
  #offset = 0;

  /** Takes compressed bytes and yields the decompressed bytes of each block as it is completed. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'skip') {
        const step = Math.min(this.#skip, chunk.length - at)
        this.#skip -= step
        at += step
        this.#offset += step
        if (this.#skip === 0) this.#expect('magic', MAGIC_LENGTH)
        continue
      }
      const step = Math.min(this.#need - this.#have, chunk.length - at)
      this.#buffer.set(chunk.subarray(at, at + step), this.#have)
      this.#have += step
      at += step
      this.#offset += step
      if (this.#have < this.#need) return
      this.#advance()
      yield* this.#output
      this.#output = []
    }
  }

  /** @throws DamageError if the data ends inside a frame */
  finish(): void {
    if (this.#state !== 'magic' || this.#have > 0)
      throw new DamageError('its zstd data ends early; capture or copy it again')
  }

  #expect(state: State, need: number, have = 0): void {
    this.#state = state
    this.#need = need
    this.#have = have
  }

  #advance(): void {
    switch (this.#state) {
      case 'magic':
        this.#readMagic()
        break
      case 'skip-length':
        this.#skip = this.#number(0, SKIP_SIZE_LENGTH)
        this.#expect(this.#skip === 0 ? 'magic' : 'skip', MAGIC_LENGTH)
        break
      case 'header':
        this.#readHeader()
        break
      case 'block-header':
        this.#readBlockHeader()
        break
      case 'block':
        this.#decode(this.#need)
        break
      case 'checksum':
        this.#expect('magic', MAGIC_LENGTH)
        break
    }
  }

  #readMagic(): void {
    const format = fileFormat(this.#buffer.subarray(0, MAGIC_LENGTH))
    if (format === 'zstd') this.#expect('header', 1)
    else if (format === 'zstd-skippable') this.#expect('skip-length', SKIP_SIZE_LENGTH)
    else throw this.#damaged('not the start of a frame')
  }

  /** Frame_Header (§3.1.1.1): a descriptor byte, which determines how many bytes follow. */
  #readHeader(): void {
    const descriptor = this.#buffer[0]!
    const singleSegment = (descriptor & SINGLE_SEGMENT) !== 0
    const sizeFlag = descriptor >> 6
    const windowLength = singleSegment ? 0 : 1
    const dictionaryLength = DICTIONARY_ID_LENGTHS[(descriptor & 3) as 0 | 1 | 2 | 3]
    const sizeLength = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag
    const length = 1 + windowLength + dictionaryLength + sizeLength
    if (this.#need < length) {
      this.#need = length
      return
    }
    if ((descriptor & RESERVED_BIT) !== 0) throw this.#damaged('a reserved bit is set')
    if (this.#number(1 + windowLength, dictionaryLength) !== 0)
      throw new DamageError('its zstd data needs a dictionary; decompress it first')
    const size = this.#number(length - sizeLength, sizeLength) + (sizeFlag === 1 ? 256 : 0)
    const exponent = this.#buffer[1]! >> 3
    const window = singleSegment ? size : LEAST_WINDOW * 2 ** exponent * (1 + (this.#buffer[1]! & 7) / 8)
    this.#descriptor = descriptor
    this.#start(sizeLength > 0 ? Math.min(window, size) : window)
    this.#expect('block-header', BLOCK_HEADER_LENGTH)
  }

  /**
   * Gives the decoder a header of our own, with the smallest sufficient window, a dictionary id of zero, and a content
   * size that it does not use.
   */
  #start(window: number): void {
    if (window > LARGEST_WINDOW) {
      const megabytes = Math.ceil(window / MIB)
      throw new DamageError(
        `its zstd window of ${megabytes} MiB exceeds ${LARGEST_WINDOW / MIB} MiB; ` +
          'decompress it first with "zstd -d --long=31"',
      )
    }
    const exponent = Math.max(0, Math.ceil(Math.log2(window / LEAST_WINDOW)))
    const header = new Uint8Array(DECODER_HEADER_LENGTH)
    header.set([...ZSTD_SIGNATURE, DECODER_DESCRIPTOR, exponent << 3])
    this.#decoder = new Decompress((data) => {
      if (data.length > 0) this.#output.push(data)
    })
    this.#decoder.push(header)
  }

  /** Block_Header (§3.1.1.2): last block, type, size. */
  #readBlockHeader(): void {
    const header = this.#number(0, BLOCK_HEADER_LENGTH)
    const type = (header >> 1) & 3
    const size = header >> 3
    this.#lastBlock = (header & 1) === 1
    if (type === RESERVED_TYPE) throw this.#damaged('a block has the reserved type')
    if (size > LARGEST_BLOCK) throw this.#damaged(`a block of ${size} bytes is too large`)
    const body = type === RLE ? 1 : size
    // The decoder would read past the end of an empty block that is not raw.
    if (body === 0 && type !== RAW) throw this.#damaged('a compressed block is empty')
    if (body === 0) this.#decode(BLOCK_HEADER_LENGTH)
    else this.#expect('block', BLOCK_HEADER_LENGTH + body, BLOCK_HEADER_LENGTH)
  }

  /** Decodes the block in the first `length` bytes of the buffer. */
  #decode(length: number): void {
    try {
      // In two parts: the decoder retains the rest of a push that it could decode at once, and would thus retain all
      // blocks.
      this.#decoder.push(this.#buffer.subarray(0, 1))
      this.#decoder.push(this.#buffer.subarray(1, length))
    } catch (error) {
      throw this.#damaged(error instanceof Error ? error.message : String(error))
    }
    if (!this.#lastBlock) this.#expect('block-header', BLOCK_HEADER_LENGTH)
    else if ((this.#descriptor & HAS_CHECKSUM) !== 0) this.#expect('checksum', CHECKSUM_LENGTH)
    else this.#expect('magic', MAGIC_LENGTH)
  }

  #number(at: number, length: number): number {
    let value = 0
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.#buffer[at + i]!
    return value
  }

  #damaged(what: string): DamageError {
    return new DamageError(`its zstd data is corrupt before offset ${this.#offset}: ${what}; capture or copy it again`)
  }
}
