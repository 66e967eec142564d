import type { AnomalyLog } from '../bytes/anomaly.js'
import type { CaptureFailure, CaptureFile, CaptureFormat, Compression } from './capture-file.js'
import { FrameFeed } from './frame-feed.js'
import { describeForeign, isPcapng, pcapMagic, PROBE_LENGTH } from './magic.js'
import { CaptureFormatError } from './format-error.js'
import type { FrameSink } from './frame.js'
import type { CaptureReaderOptions } from './limits.js'
import { DEFAULT_COMMENT_BYTES, DEFAULT_SECRET_BYTES } from './limits.js'
import type { FileParser } from './parser.js'
import { PcapParser } from './pcap.js'
import { PcapngParser } from './pcapng.js'
import type { InputBefore } from './file-series.js'
import type { SnappedFrames } from './snapped-frames.js'
import { Clock, type Epoch, SECOND_NS } from './time.js'

const MAGIC_LENGTH = 4
/** Initial buffer for an item that is split between chunks; it grows as bytes arrive. */
const SMALLEST_CARRY = 64

/**
 * Reads capture files that are pushed in as chunks of any size, one file after the other, and hands each frame to a
 * sink. The format is detected by the first bytes, never by name. A frame lies in the chunk that it came with, so a
 * chunk may be reused once `push` has returned; only what straddles chunks is copied.
 */
export class CaptureReader {
  readonly #feed: FrameFeed
  readonly #before: InputBefore | null
  readonly #severalPlaces: boolean
  readonly #files: CaptureFile[] = []
  /** The file between `openFile` and `closeFile`; it joins the list when its format is known. */
  #file: CaptureFile | null = null
  #parser: FileParser | null = null
  #bytes = 0
  /** Digits of the finest timestamps in the closed files. */
  #digits = 0
  /** Start of an item that is still incomplete. */
  #carry = new Uint8Array(0)
  #carryLength = 0
  #need = MAGIC_LENGTH

  constructor(sink: FrameSink, anomalies: AnomalyLog, options: CaptureReaderOptions = {}) {
    this.#feed = new FrameFeed(
      sink,
      anomalies,
      options.maxCommentBytes ?? DEFAULT_COMMENT_BYTES,
      options.maxSecretBytes ?? DEFAULT_SECRET_BYTES,
    )
    const before = options.before ?? null
    this.#before = before
    this.#severalPlaces = options.severalPlaces ?? false
    this.#digits = before?.timestampDigits ?? 0
    if (!before) return
    this.#feed.frame.number = before.frames
    if (before.epoch) this.#feed.setEpoch(before.epoch)
  }

  /** The captures read so far, including the open one. */
  get files(): readonly CaptureFile[] {
    return this.#files
  }

  /** A file so far has a format with secrets in it (draft-ietf-opsawg-pcapng §4.7): more may come. */
  get mayHaveSecrets(): boolean {
    return this.#files.some(({ format }) => format === 'pcapng')
  }

  /** Number of the last frame. */
  get frames(): number {
    return this.#feed.frame.number
  }

  /** Frames of which the capture kept less than was on the wire. */
  get snapped(): SnappedFrames {
    return this.#feed.snapped
  }

  /** Exact time of the first frame that has one; `null` until it is read. */
  get epoch(): Epoch | null {
    const { hasEpoch, epochSeconds, epochNanoseconds } = this.#feed
    return hasEpoch ? { seconds: epochSeconds, nanoseconds: epochNanoseconds } : null
  }

  /**
   * Prints times with the precision of the finest file with frames so far; `null` until a frame with a time was read.
   */
  get clock(): Clock | null {
    const { epoch } = this
    // Computed once per closed file, not per call: each session needs a clock, and there may be many files.
    const open = this.#feed.fileBegins ? 0 : (this.#files.at(-1)?.timestampDigits ?? 0)
    return epoch && new Clock(epoch, Math.max(this.#digits, open))
  }

  /**
   * Starts the next file, in the order of capture; `path` and `compression` are only passed on. `place` is the index of
   * the place where it was captured; without it, a file that overlaps those before it was captured elsewhere.
   */
  openFile(path: string, compression: Compression, place?: number): void {
    if (this.#file) this.closeFile()
    this.#file = newFile(path, compression)
    this.#parser = null
    this.#bytes = 0
    this.#carryLength = 0
    this.#need = MAGIC_LENGTH
    this.#feed.startFile(place)
  }

  /** @throws CaptureFormatError when the file is not a capture; the next file may be opened then */
  push(bytes: Uint8Array): void {
    const file = this.#file
    if (!file) throw new Error('No file is open')
    const chunk = plain(bytes)
    const before = this.#bytes
    this.#bytes += chunk.length
    try {
      const taken = this.#fillCarry(chunk)
      if (taken < chunk.length && !this.#feed.stopped) {
        const stopped = this.#parse(chunk, taken, chunk.length, before + taken)
        this.#keep(chunk, stopped, chunk.length)
      }
    } catch (error) {
      this.#drop(file)
      throw error
    }
    this.#tally(file)
  }

  /**
   * Ends the current file. `failure` says why its bytes end early if the caller knows, as with a damaged gzip stream.
   * @throws CaptureFormatError when the file is empty or too short to be recognized as a capture
   */
  closeFile(failure: string | null = null): void {
    const file = this.#file
    if (!file) throw new Error('No file is open')
    this.#file = null
    this.#conclude()
    const missing = this.#feed.stopped ? null : this.#missing(file, failure)
    if (failure !== null) {
      const reason = missing ? `${failure}; ${missing.reason}` : failure
      this.#feed.markIncomplete(file, { offset: missing?.offset ?? this.#bytes, reason })
    } else if (missing) this.#feed.markIncomplete(file, missing)
    this.#tally(file)
    this.#digits = Math.max(this.#digits, file.timestampDigits)
    this.#feed.latestBefore = Math.max(this.#feed.latestBefore, file.end ?? -Infinity)
    this.#checkOrder(file)
  }

  /** Has the parser read what it held back. */
  #conclude(): void {
    const parser = this.#parser
    if (!parser || this.#feed.stopped) return
    const length = this.#carryLength
    parser.offset = this.#bytes - length
    const stopped = parser.conclude(this.#carry, 0, length)
    this.#carry.copyWithin(0, stopped, length)
    this.#carryLength = length - stopped
  }

  /** What is missing at the end of the file; throws when too little is there for a capture. */
  #missing(file: CaptureFile, failure: string | null): CaptureFailure | null {
    const left = this.#carryLength
    if (this.#bytes === 0 && failure !== null) throw new CaptureFormatError(`${file.path} cannot be read: ${failure}`)
    if (!this.#parser) throw foreign(file.path, this.#carry.subarray(0, left))
    this.#parser.offset = this.#bytes - left
    try {
      return this.#parser.missing(left)
    } catch (error) {
      this.#drop(file)
      throw error
    }
  }

  /** Forgets a file that turned out not to be a capture. */
  #drop(file: CaptureFile): void {
    this.#file = null
    if (this.#files.at(-1) === file) this.#files.pop()
  }

  /** Parses kept bytes, completed from `chunk`, until none are kept or the chunk is used up; returns bytes taken. */
  #fillCarry(chunk: Uint8Array): number {
    let taken = 0
    while (this.#carryLength > 0 && taken < chunk.length && !this.#feed.stopped) {
      const step = Math.min(this.#need - this.#carryLength, chunk.length - taken)
      this.#keep(chunk, taken, taken + step)
      taken += step
      if (this.#carryLength < this.#need) break
      const length = this.#carryLength
      const offset = this.#bytes - (chunk.length - taken) - length
      const stopped = this.#parse(this.#carry, 0, length, offset)
      this.#carry.copyWithin(0, stopped, length)
      this.#carryLength = length - stopped
    }
    return taken
  }

  /** Parses what is complete between `start`, at `offset` in the file, and `end`. Returns where it stopped. */
  #parse(bytes: Uint8Array, start: number, end: number, offset: number): number {
    this.#parser ??= this.#findFormat(bytes.subarray(start, Math.min(end, start + PROBE_LENGTH)))
    if (!this.#parser) return start
    this.#parser.offset = offset
    const stopped = this.#parser.parse(bytes, start, end)
    this.#need = this.#parser.need
    return stopped
  }

  /** The parser for a file that starts with these bytes; `null` when more are needed to decide. */
  #findFormat(start: Uint8Array): FileParser | null {
    const file = this.#file!
    this.#need = MAGIC_LENGTH
    if (start.length < MAGIC_LENGTH) return null
    const magic = pcapMagic(start)
    const format: CaptureFormat | null = magic ? 'pcap' : isPcapng(start) ? 'pcapng' : null
    if (format === null) {
      this.#need = PROBE_LENGTH
      if (start.length < PROBE_LENGTH) return null
      throw foreign(file.path, start)
    }
    file.format = format
    this.#files.push(file)
    return magic ? new PcapParser(this.#feed, file, magic) : new PcapngParser(this.#feed, file)
  }

  /** Appends bytes to those already kept; the buffer grows as bytes arrive, not as a length field claims. */
  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#carryLength + (end - start)
    if (length > this.#carry.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(this.#need, this.#carry.length * 2), SMALLEST_CARRY))
      grown.set(this.#carry.subarray(0, this.#carryLength))
      this.#carry = grown
    }
    this.#carry.set(bytes.subarray(start, end), this.#carryLength)
    this.#carryLength = length
  }

  #tally(file: CaptureFile): void {
    const { frame, framesBefore, earliest, latest } = this.#feed
    file.bytes = this.#bytes
    file.frames = frame.number - framesBefore
    if (earliest <= latest) {
      file.start = earliest
      file.end = latest
    }
  }

  /** Frames are read file by file, so files whose times overlap put frames out of order. */
  #checkOrder(file: CaptureFile): void {
    const previous = this.#files.at(-2) ?? this.#before?.previous
    const previousEnd = previous?.end ?? null
    if (this.#severalPlaces && this.#feed.beganPlace) return
    if (!previous || previousEnd === null || file.start === null || file.start >= previousEnd) return
    const overlap = (previousEnd - file.start) / SECOND_NS
    this.#feed.anomalies.record(
      'capture-files-overlap',
      this.#feed.framesBefore + 1,
      () =>
        `${file.path} starts ${overlap} s before ${previous.path} ends: their frames are not in order of time, ` +
        'and each file is analyzed separately',
    )
  }
}

/** A plain `Uint8Array`, not Node's Buffer: its `slice` copies, and all later stages are compiled for one type. */
function plain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function newFile(path: string, compression: Compression): CaptureFile {
  return {
    path,
    format: 'pcap',
    compression,
    linkTypes: [],
    snapLength: null,
    fcsLength: null,
    timestampDigits: 0,
    frames: 0,
    bytes: 0,
    start: null,
    end: null,
    failure: null,
    comments: [],
    secrets: [],
  }
}

function foreign(path: string, start: Uint8Array): CaptureFormatError {
  const { found, advice } = describeForeign(start, path)
  return new CaptureFormatError(`${path} is not a capture file: ${found}; ${advice}`)
}
