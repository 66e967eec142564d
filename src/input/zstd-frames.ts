import { Decompress } from 'fzstd'
import { DamageError } from './damage-error.js'

/** Largest window that is granted; also what the zstd tool grants unless told otherwise. */
const LARGEST_WINDOW = 128 * 1024 * 1024
const LEAST_WINDOW = 1024
/** Block_Maximum_Size (RFC 8878 §3.1.1.2.4). */
const LARGEST_BLOCK = 128 * 1024
const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a5
const RAW = 0
const RLE = 1
const RESERVED = 3

/** What the next bytes are. */
type State = 'magic' | 'header' | 'block-header' | 'block' | 'checksum' | 'skip-length' | 'skip'

/**
 * Cuts zstd data (RFC 8878) into their blocks and has them decompressed one by one. The decoder alone would decompress all that
 * it is given at once, however large that gets, and would allocate any window that a header asks for.
 */
export class ZstdFrames {
  #state: State = 'magic'
  /** Bytes that the state needs, and those of them that are there. */
  #need = 4
  #have = 0
  readonly #buffer = new Uint8Array(3 + LARGEST_BLOCK)
  #skip = 0
  #descriptor = 0
  #lastBlock = false
  #decoder = new Decompress()
  #output: Uint8Array[] = []
  #offset = 0;

  /** Takes compressed bytes and gives decompressed ones, of each block as they come. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'skip') {
        const step = Math.min(this.#skip, chunk.length - at)
        this.#skip -= step
        at += step
        this.#offset += step
        if (this.#skip === 0) this.#expect('magic', 4)
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

  /** @throws DamageError when the data end inside a frame */
  finish(): void {
    if (this.#state !== 'magic' || this.#have > 0)
      throw new DamageError('its zstd data end early; capture or copy it again')
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
        this.#skip = this.#number(0, 4)
        this.#expect(this.#skip === 0 ? 'magic' : 'skip', 4)
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
        this.#expect('magic', 4)
        break
    }
  }

  #readMagic(): void {
    const magic = this.#number(0, 4)
    if (magic === MAGIC) this.#expect('header', 1)
    else if (Math.floor(magic / 16) === SKIPPABLE_MAGIC) this.#expect('skip-length', 4)
    else throw this.#damaged('no frame begins')
  }

  /** Frame_Header (§3.1.1.1): a descriptor byte, which tells how many more follow. */
  #readHeader(): void {
    const descriptor = this.#buffer[0]!
    const singleSegment = (descriptor & 0x20) !== 0
    const sizeFlag = descriptor >> 6
    const windowLength = singleSegment ? 0 : 1
    const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!
    const sizeLength = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag
    const length = 1 + windowLength + dictionaryLength + sizeLength
    if (this.#need < length) {
      this.#need = length
      return
    }
    if ((descriptor & 8) !== 0) throw this.#damaged('a reserved bit is set')
    if (this.#number(1 + windowLength, dictionaryLength) !== 0)
      throw new DamageError('its zstd data need a dictionary; decompress it first')
    const size = this.#number(length - sizeLength, sizeLength) + (sizeFlag === 1 ? 256 : 0)
    const exponent = this.#buffer[1]! >> 3
    const window = singleSegment ? size : 2 ** (10 + exponent) * (1 + (this.#buffer[1]! & 7) / 8)
    this.#descriptor = descriptor
    this.#start(sizeLength > 0 ? Math.min(window, size) : window)
    this.#expect('block-header', 3)
  }

  /**
   * Gives the decoder a header of our own: with the window that is needed at least, and of the 18 bytes that the decoder waits
   * for before it looks at anything: no checksum, a dictionary id of zero, an 8-byte content size that it does not use.
   */
  #start(window: number): void {
    if (window > LARGEST_WINDOW) {
      const megabytes = Math.ceil(window / 1024 / 1024)
      throw new DamageError(
        `its zstd window of ${megabytes} MiB exceeds 128 MiB; decompress it first with "zstd -d --long=31"`,
      )
    }
    const exponent = Math.max(0, Math.ceil(Math.log2(Math.max(window, LEAST_WINDOW))) - 10)
    const header = new Uint8Array(18)
    header.set([0x28, 0xb5, 0x2f, 0xfd, 0xc3, exponent << 3])
    this.#decoder = new Decompress((data) => {
      if (data.length > 0) this.#output.push(data)
    })
    this.#decoder.push(header)
  }

  /** Block_Header (§3.1.1.2): last block, type, size. */
  #readBlockHeader(): void {
    const header = this.#number(0, 3)
    const type = (header >> 1) & 3
    const size = header >> 3
    this.#lastBlock = (header & 1) === 1
    if (type === RESERVED) throw this.#damaged('a block has the reserved type')
    if (size > LARGEST_BLOCK) throw this.#damaged(`a block of ${size} bytes is too large`)
    const body = type === RLE ? 1 : size
    // An empty block that is not raw would be read beyond its end.
    if (body === 0 && type !== RAW) throw this.#damaged('a compressed block is empty')
    if (body === 0) this.#decode(3)
    else this.#expect('block', 3 + body, 3)
  }

  /** Decodes the block in the first `length` bytes of the buffer. */
  #decode(length: number): void {
    try {
      // In two parts, as the decoder keeps the rest of every push that it could use at once: it would keep all blocks.
      this.#decoder.push(this.#buffer.subarray(0, 1))
      this.#decoder.push(this.#buffer.subarray(1, length))
    } catch (error) {
      throw this.#damaged(error instanceof Error ? error.message : String(error))
    }
    if (!this.#lastBlock) this.#expect('block-header', 3)
    else if ((this.#descriptor & 4) !== 0) this.#expect('checksum', 4)
    else this.#expect('magic', 4)
  }

  #number(at: number, length: number): number {
    let value = 0
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.#buffer[at + i]!
    return value
  }

  #damaged(what: string): DamageError {
    return new DamageError(`its zstd data are damaged before offset ${this.#offset}: ${what}; capture or copy it again`)
  }
}
