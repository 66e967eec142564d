import type { Output } from './output.js'

/** Number of characters that are collected before they are written. */
const BATCH = 1 << 20

/** Writes pieces, those of text in batches, up to the end or until the reader is gone. */
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
