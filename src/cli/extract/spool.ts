import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Gap, Received } from '../../slice/files/received.js'
import { CommandError, reasonOf } from '../errors.js'
import { markFinished, markUnfinished } from '../output/unfinished-files.js'

/** Files that are open at the same time: those written last. */
const MOST_OPEN = 64
/** Bytes that are collected before they are written, of each open file. */
const BLOCK = 1 << 16
/** Gaps that are told apart, of a stream and of all: what comes after them is left out. */
const MOST_GAPS = 10_000
const MOST_GAPS_OF_ALL = 1_000_000

/** One direction of a data connection in a temporary file: its bytes without those that are missing. */
export class SpooledStream {
  readonly path: string
  readonly gaps: Gap[] = []
  bytes = 0
  leftOut = 0
  /** Bytes and gaps of known length. */
  length = 0
  /** While it is open. */
  open: { descriptor: number; block: Buffer; used: number } | null = null

  constructor(path: string) {
    this.path = path
  }

  get received(): Received {
    return this
  }
}

export interface SpoolLimits {
  /** Of a stream, gaps included. */
  maxBytes: number
}

/** The contents of data connections while their capture is read, in a directory of their own that only its owner may read. */
export class Spool {
  readonly folder: string
  readonly #maxBytes: number
  /** Open files, the one written last at the end. */
  readonly #open = new Set<SpooledStream>()
  #streams = 0
  #gaps = 0

  /** `parent` exists. */
  constructor(parent: string, { maxBytes }: SpoolLimits) {
    this.#maxBytes = maxBytes
    this.folder = attempt(() => mkdtempSync(join(parent, '.ftpscope-')), parent)
    markUnfinished(this.folder)
  }

  stream(): SpooledStream {
    return new SpooledStream(join(this.folder, String(++this.#streams)))
  }

  write(stream: SpooledStream, bytes: Uint8Array): void {
    const room = stream.leftOut > 0 ? 0 : Math.min(bytes.length, this.#maxBytes - stream.length)
    stream.leftOut += bytes.length - room
    stream.length += room
    stream.bytes += room
    const open = this.#opened(stream)
    for (let from = 0; from < room;) {
      if (open.used === BLOCK) this.#flush(stream)
      const taken = Math.min(room - from, BLOCK - open.used)
      open.block.set(bytes.subarray(from, from + taken), open.used)
      open.used += taken
      from += taken
    }
  }

  missing(stream: SpooledStream, length: number | null): void {
    if (stream.leftOut > 0) stream.leftOut += length ?? 0
    else if (length !== null && stream.length + length > this.#maxBytes) stream.leftOut += length
    else {
      const last = stream.gaps.at(-1)
      if (last && length !== null && last.length !== null && last.at + last.length === stream.length)
        last.length += length
      else if (stream.gaps.length >= MOST_GAPS || this.#gaps >= MOST_GAPS_OF_ALL) {
        stream.leftOut += length ?? 1
        return
      } else {
        stream.gaps.push({ at: stream.length, length })
        this.#gaps++
      }
      stream.length += length ?? 0
    }
  }

  /** Bytes of a stream that were kept, those of gaps not counted. */
  *read(stream: SpooledStream, from: number, length: number): Iterable<Buffer> {
    if (length === 0) return
    this.#close(stream)
    const block = Buffer.allocUnsafe(Math.min(length, 1 << 20))
    const descriptor = attempt(() => openSync(stream.path, 'r'), stream.path)
    try {
      for (let at = from; at < from + length;) {
        const wanted = Math.min(block.length, from + length - at)
        const read = attempt(() => readSync(descriptor, block, 0, wanted, at), stream.path)
        if (read === 0) throw new CommandError(`${stream.path} was cut while it was read`)
        yield block.subarray(0, read)
        at += read
      }
    } finally {
      closeSync(descriptor)
    }
  }

  /** Writes what was collected: the file may be read by its path. */
  finish(stream: SpooledStream): void {
    this.#opened(stream)
    this.#close(stream)
  }

  /** A stream is not needed any more. */
  drop(stream: SpooledStream): void {
    if (stream.open) stream.open.used = 0
    this.#close(stream)
    rmSync(stream.path, { force: true })
  }

  /** Removes all that is left of it. */
  remove(): void {
    for (const stream of this.#open) if (stream.open) closeSync(stream.open.descriptor)
    this.#open.clear()
    rmSync(this.folder, { recursive: true, force: true })
    markFinished(this.folder)
  }

  #opened(stream: SpooledStream): NonNullable<SpooledStream['open']> {
    if (stream.open) {
      // Whatever was written last is closed last.
      this.#open.delete(stream)
      this.#open.add(stream)
      return stream.open
    }
    if (this.#open.size >= MOST_OPEN) this.#close(this.#open.values().next().value!)
    const descriptor = attempt(() => openSync(stream.path, 'a'), stream.path)
    stream.open = { descriptor, block: Buffer.allocUnsafeSlow(BLOCK), used: 0 }
    this.#open.add(stream)
    return stream.open
  }

  #flush({ open, path }: SpooledStream): void {
    if (!open) return
    for (let at = 0; at < open.used;)
      at += attempt(() => writeSync(open.descriptor, open.block, at, open.used - at), path)
    open.used = 0
  }

  #close(stream: SpooledStream): void {
    const { open } = stream
    if (!open) return
    this.#flush(stream)
    closeSync(open.descriptor)
    stream.open = null
    this.#open.delete(stream)
  }
}

/** What `act` returns; a failure is told with the path. */
export function attempt<T>(act: () => T, path: string): T {
  try {
    return act()
  } catch (error) {
    throw new CommandError(`Cannot write ${path}: ${reasonOf(error)}; nothing was extracted`)
  }
}
