import { DamageError } from '../../input/damage-error.js'
import type { Chunks } from '../../input/input.js'
import { codeOf } from '../errors.js'

/** Maximum output of one decompression step, so that a gzip bomb takes time but no memory. */
const OUTPUT_LENGTH = 64 * 1024

/**
 * Decompresses gzip of one or more members. Yields whatever can be decompressed of damaged or truncated data before it
 * throws. Uses the stream's own read and write: a pipeline would discard buffered output on an error.
 */
export async function* gunzip(source: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  // Imported on demand: most captures are not compressed.
  const { createGunzip } = await import('node:zlib')
  const stream = createGunzip({ chunkSize: OUTPUT_LENGTH })
  const state = { failure: null as Error | null, written: false, ended: false }
  let wake = (): void => undefined
  const stir = (change: Partial<typeof state>) => {
    Object.assign(state, change)
    wake()
  }
  stream.on('readable', () => {
    stir({})
  })
  stream.on('end', () => {
    stir({ ended: true })
  })
  stream.on('error', (failure: Error) => {
    stir({ failure })
  })

  /** Yields available output until `done`. */
  async function* drain(done: () => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const output = stream.read() as Uint8Array | null
      if (output) yield output
      else if (state.failure) throw new DamageError(describe(state.failure), { cause: state.failure })
      else if (done()) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }

  try {
    for await (const input of source) {
      state.written = false
      stream.write(input, () => {
        stir({ written: true })
      })
      yield* drain(() => state.written)
    }
    stream.end()
    yield* drain(() => state.ended)
  } finally {
    stream.destroy()
  }
}

function describe(error: Error): string {
  return codeOf(error) === 'Z_BUF_ERROR'
    ? 'its gzip data ends early; capture or copy it again'
    : `its gzip data is corrupt (${error.message}); capture or copy it again`
}
