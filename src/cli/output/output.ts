import { openFileOutput } from './file-output.js'
import type { Io } from '../process-io.js'
import { StreamOutput } from './stream-output.js'

/** Where a report goes. */
export interface Output {
  /** Resolves when the text is handed to the system, so that what is not written yet stays bounded. */
  write(text: string | Uint8Array): Promise<void>
  /** Everything is written. */
  finish(): Promise<void>
  /** Nothing is to be left of it. */
  discard(): Promise<void>
  /** Nobody reads any more (`ftpscope … | head`): what is written from now on goes nowhere. */
  readonly readerGone: boolean
}

/** Standard output, or the file of `-o`. */
export async function openOutput(file: string | undefined, io: Io): Promise<Output> {
  if (file === undefined || file === '-') return new StreamOutput(io.stdout)
  return openFileOutput(file)
}

/** Characters that are collected before they are written. */
const BATCH = 1 << 20

/** Writes pieces, those of text in batches, up to the end or until nobody reads. */
export async function writeAll(output: Output, pieces: Iterable<string | Uint8Array>): Promise<void> {
  let batch = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      batch += piece
      if (batch.length < BATCH) continue
    }
    if (batch !== '') await output.write(batch)
    batch = ''
    if (typeof piece !== 'string') await output.write(piece)
    if (output.readerGone) return
  }
  if (batch !== '') await output.write(batch)
}
