import type { Compression } from '../capture/capture-file.js'

/** Bytes in pieces; a piece is valid until the next one is requested. */
export type Chunks = AsyncIterable<Uint8Array>

/** One input, ready to be read. */
export interface Input {
  /** As named by the user or found in a directory; `standard input` for `-`. */
  path: string
  compression: Compression
  /** Bytes as stored, before decompression; `null` if unknown. */
  size: number | null
  /** How many of those have been read; for a progress display. */
  bytesRead: number
  /** The decompressed bytes. Never throws: see `failure`. */
  chunks: Chunks
  /** Once `chunks` has ended: why it ended early, for `CaptureReader.closeFile`; `null` if all of it was read. */
  failure: string | null
}

/** Set when the user ends the input: what was read up to then is analyzed. */
export interface StopSignal {
  readonly aborted: boolean
}

/** The part of the analyzer that reading needs. */
export interface InputReader {
  openFile(path: string, compression?: Compression): void
  /** Throws `CaptureFormatError` for a file that is not a capture; do not close it, the next one may be opened. */
  push(chunk: Uint8Array): void
  /** `failure` says why the bytes end early. Throws `CaptureFormatError` like `push`. */
  closeFile(failure?: string | null): void
  /** No input at the moment; `now` is in milliseconds since 1970. */
  idle?(now: number): void
}
