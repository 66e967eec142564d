import type { CaptureFailure } from './capture-file.js'

/** Reads the items of one file: a header, records or blocks. The caller keeps what could not be read yet. */
export interface FileParser {
  /** Bytes that have to lie at the place where `parse` stopped before it can go on. */
  need: number
  /** Offset in the file of the first byte that `parse` is given; kept by the caller. */
  offset: number
  /** Reads all whole items of `bytes` from `start` up to `end` and returns where it stopped, with `need` set. */
  parse(bytes: Uint8Array, start: number, end: number): number
  /** What is missing when the file ends with `left` bytes not read; `null` when it ends where it may. */
  missing(left: number): CaptureFailure | null
}
