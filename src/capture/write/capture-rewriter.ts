import { AnomalyLog } from '../../bytes/anomaly.js'
import type { CaptureFile, Compression } from '../capture-file.js'
import type { Frame, FrameSink } from '../frame.js'
import { isPcapng, pcapMagic } from '../magic.js'
import { BlockType } from '../pcapng-blocks.js'
import { CaptureReader } from '../reader.js'
import { type BlockSink, BlockSplitter } from './block-splitter.js'
import { withoutSectionLength } from './blocks.js'
import { changedPacket, type FrameChange, isSimple, replacedPacket } from './packet-block.js'
import { PcapSection } from './pcap-section.js'

const MAGIC_LENGTH = 4

/** Decides what of a capture is copied, and how. */
export interface CopyRules {
  /** Of a frame; `null` leaves it out. */
  frame(frame: Frame): FrameChange | null
  /** Of a block without a frame: itself or another one in its place; `null` leaves it out. */
  block(block: Uint8Array, type: number, little: boolean): Uint8Array | null
  /** Of a block that is too long to be held, by its type. */
  longBlock(type: number): boolean
  /** A section header was written: what is to follow it. */
  afterHeader(little: boolean): readonly Uint8Array[]
  /** The comments of this frame could not be written: its block cannot have any, or its options are malformed. */
  unwritten(frame: number): void
  /** The header of a section in place of the one that the file has, or that a pcap file would get. */
  header?(little: boolean, application: string): Uint8Array
}

export interface RewriterOptions {
  /** Written into the sections that pcap files become. */
  application: string
  /** Takes the bytes written; a view, valid during the call. */
  write: (bytes: Uint8Array) => void
}

/**
 * Copies captures to pcapng, block by block: what `rules` do not change stays as it is, byte by byte, with all options,
 * in the byte order of its section. A pcap file becomes a section of its own, in its own byte order and precision.
 * Frames are found by the reader that an analysis uses, under the same numbers; where that stops at damage, so does the
 * copy.
 */
export class CaptureRewriter implements FrameSink, BlockSink {
  readonly #rules: CopyRules
  readonly #options: RewriterOptions
  #reader: CaptureReader
  #frames = 0
  /** The first bytes of a file, until its format is known. */
  #start: Uint8Array | null = null
  #splitter: BlockSplitter | null = null
  #section: PcapSection | null = null
  /** The frame of the block that is being read, and its change. */
  #found: { frame: number; change: FrameChange | null } | null = null

  constructor(rules: CopyRules, options: RewriterOptions) {
    this.#rules = rules
    this.#options = options
    this.#reader = this.#newReader()
  }

  /** Number of the last frame read. */
  get frames(): number {
    return this.#reader.frames
  }

  openFile(path: string, compression: Compression = null): void {
    // A reader for each file: times stay exact, however far the files are apart.
    this.#frames = this.#reader.frames
    this.#reader = this.#newReader()
    this.#reader.openFile(path, compression)
    this.#start = new Uint8Array(0)
    this.#splitter = null
    this.#section = null
  }

  /** @throws CaptureFormatError when the file is not a capture; another file may be opened then */
  push(chunk: Uint8Array): void {
    if (this.#start === null) this.#pass(chunk)
    else {
      const start = new Uint8Array(this.#start.length + chunk.length)
      start.set(this.#start)
      start.set(chunk, this.#start.length)
      this.#start = start
      if (start.length >= MAGIC_LENGTH) this.#begin(start)
    }
  }

  /** @throws CaptureFormatError when the file was too short to be a capture */
  closeFile(failure: string | null = null): void {
    if (this.#start) this.#reader.push(this.#start)
    this.#start = null
    this.#splitter?.end()
    // Reads what a pcap file's first records left open.
    this.#reader.closeFile(failure)
    const file = this.#file
    if (file && this.#section) this.#section.end(file)
  }

  frame(frame: Frame): void {
    const change = this.#rules.frame(frame)
    if (this.#section) {
      if (change) this.#section.frame(frame, change, this.#reader.epoch!, this.#file!)
    } else this.#found = { frame: frame.number, change }
  }

  block(bytes: Uint8Array, type: number, little: boolean): void {
    this.#found = null
    this.#reader.push(bytes)
    if (this.#isDamaged) return
    const found = this.#found as { frame: number; change: FrameChange | null } | null
    if (found) {
      if (found.change) this.#options.write(this.#packet(bytes, found.frame, found.change, little))
    } else if (type === BlockType.SectionHeader) {
      this.#options.write(this.#rules.header?.(little, this.#options.application) ?? withoutSectionLength(bytes))
      for (const block of this.#rules.afterHeader(little)) this.#options.write(block)
    } else {
      const block = this.#rules.block(bytes, type, little)
      if (block) this.#options.write(block)
    }
  }

  piece(bytes: Uint8Array, type: number): void {
    this.#reader.push(bytes)
    if (!this.#isDamaged && this.#rules.longBlock(type)) this.#options.write(bytes)
  }

  rest(bytes: Uint8Array): void {
    this.#reader.push(bytes)
  }

  #packet(bytes: Uint8Array, frame: number, change: FrameChange, little: boolean): Uint8Array {
    if (change.bytes) return replacedPacket(bytes, change.bytes, little)
    const { comments = [], contentFrom } = change
    if (comments.length === 0 && contentFrom === undefined) return bytes
    const changed = comments.length > 0 && isSimple(bytes, little) ? null : changedPacket(bytes, change, little)
    if (changed) return changed
    this.#rules.unwritten(frame)
    return changedPacket(bytes, { ...change, comments: [], zeros: true }, little) ?? bytes
  }

  #begin(start: Uint8Array): void {
    this.#start = null
    if (isPcapng(start)) this.#splitter = new BlockSplitter(this)
    const magic = pcapMagic(start)
    if (magic) {
      const { application, write } = this.#options
      const begin = (little: boolean): void => {
        for (const block of this.#rules.afterHeader(little)) write(block)
      }
      const header = this.#rules.header?.bind(this.#rules)
      this.#section = new PcapSection(magic.littleEndian, { application, write, begin, ...(header && { header }) })
    }
    this.#pass(start)
  }

  #pass(bytes: Uint8Array): void {
    if (this.#splitter) this.#splitter.push(bytes)
    else this.#reader.push(bytes)
  }

  get #file(): CaptureFile | undefined {
    return this.#reader.files.at(-1)
  }

  /** Nothing of the file is read any more. */
  get #isDamaged(): boolean {
    return (this.#file?.failure ?? null) !== null
  }

  #newReader(): CaptureReader {
    const before = { epoch: null, frames: this.#frames, timestampDigits: 0, previous: null }
    return new CaptureReader(this, new AnomalyLog(), { before })
  }
}
