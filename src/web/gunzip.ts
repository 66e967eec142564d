import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
} from 'pako'
import { DamageError } from '../input/damage-error.js'
import type { Chunks } from '../input/input.js'

/** Most bytes that one step produces, so that a gzip bomb takes time but no memory. */
const OUTPUT_LENGTH = 64 * 1024
/** The largest window, and only the gzip format. */
const GZIP_WINDOW_BITS = 15 + 16

/**
 * Decompresses gzip of one or more members as the command line does with zlib. The browser's own DecompressionStream
 * reads only one member, and returns nothing of what precedes the point where data is truncated or corrupt.
 */
export async function* gunzip(source: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = new ZStream()
  zlibInflateInit2(stream, GZIP_WINDOW_BITS)
  stream.output = new Uint8Array(OUTPUT_LENGTH)
  let ended = false
  for await (const chunk of source) {
    stream.input = chunk
    stream.next_in = 0
    stream.avail_in = chunk.length
    for (;;) {
      if (ended) {
        if (stream.avail_in === 0) break
        // Zeros after a member are padding, and nothing follows them.
        if (chunk[stream.next_in] === 0) return
        zlibInflateReset(stream)
        ended = false
      }
      stream.next_out = 0
      stream.avail_out = OUTPUT_LENGTH
      const status = zlibInflate(stream, Z_NO_FLUSH)
      if (stream.next_out > 0) yield stream.output.subarray(0, stream.next_out)
      if (status === Z_STREAM_END) ended = true
      else if (status !== Z_OK && status !== Z_BUF_ERROR) throw damaged(stream.msg)
      else if (stream.avail_in === 0 && stream.avail_out > 0) break
    }
  }
  if (!ended) throw new DamageError('its gzip data ends early; capture or copy it again')
}

function damaged(message: string): DamageError {
  return new DamageError(`its gzip data is corrupt (${message}); capture or copy it again`)
}
