import type { CaptureFailure } from './capture-file.js'

/** Reads the items of one file: header, records or blocks. The caller keeps the bytes that could not be read yet. */
export interface FileParser {
  /** Bytes that must be available where `parse` stopped before it can continue. */
  need: number
  /** Offset in the file of the first byte passed to `parse`; maintained by the caller. */
  offset: number
  /** Reads all complete items of `bytes` from `start` up to `end` and returns where it stopped, with `need` set. */
  parse(bytes: Uint8Array, start: number, end: number): number
  /** No more bytes follow those that are left: reads, as `parse` does, what that held back to see more. */
  conclude(bytes: Uint8Array, start: number, end: number): number
  /** What is missing when the file ends with `left` bytes unread; `null` when it may end there. */
  missing(left: number): CaptureFailure | null
}
