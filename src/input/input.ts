import type { Compression } from '../capture/capture-file.js'

/** Bytes in pieces; a piece is valid until the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array>

/** One input, ready to be read. */
export interface Input {
  /** As named by the user or found in a folder; `standard input` for `-`. */
  path: string
  compression: Compression
  /** Bytes as stored, before decompression; `null` where that cannot be known. */
  size: number | null
  /** Bytes read so far of those; for a progress display. */
  bytesRead: number
  /** The decompressed bytes. Never throws: see `failure`. */
  chunks: Chunks
  /** Once `chunks` has ended: why it ended early, for `CaptureReader.closeFile`; `null` when all was read. */
  failure: string | null
}

/** Set when the user ends the input: what was read up to then is analysed. */
export interface StopSignal {
  readonly aborted: boolean
}

/** What reads inputs: an analyzer, as far as reading needs it. */
export interface InputReader {
  openFile(path: string, compression?: Compression): void
  /** Throws `CaptureFormatError` for a file that is no capture; that file is then not closed, the next may be opened. */
  push(chunk: Uint8Array): void
  /** `failure` says why the bytes end early. Throws `CaptureFormatError` like `push`. */
  closeFile(failure?: string | null): void
  /** Nothing comes at the moment, and it is `now`, in milliseconds since 1970. */
  idle?(now: number): void
}
