import type { Chunks } from './input.js'
import { ZstdFrames } from './zstd-frames.js'

/**
 * Decompresses zstd of one or more frames. Yields whatever can be decompressed of damaged or truncated data before it
 * throws.
 */
export async function* unzstd(source: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const frames = new ZstdFrames()
  for await (const chunk of source) yield* frames.push(chunk)
  frames.finish()
}
