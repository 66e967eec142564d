import { type Gunzip, decompressed } from './compression.js'
import { DamageError } from './damage-error.js'
import type { Chunks, Input, StopSignal } from './input.js'

/** Bytes of one input as they are stored, and what the place that they come from can tell of it. */
export interface RawInput {
  path: string
  /** `null` where that cannot be known. */
  size: number | null
  chunks: Chunks
}

export interface OpenOptions {
  gunzip: Gunzip
  signal: StopSignal | undefined
  /** Puts an error of the place that the bytes come from into words. */
  describe: (error: unknown) => string
}

/** An input with its bytes decompressed and counted. `close` gives up what was not read. Throws what reading the first bytes throws. */
export async function openInput(
  raw: RawInput,
  options: OpenOptions,
): Promise<{ input: Input; close(): Promise<void> }> {
  const input: Input = {
    path: raw.path,
    compression: null,
    size: raw.size,
    bytesRead: 0,
    chunks: none(),
    failure: null,
  }
  const bytes = counted(raw.chunks, input, options.signal)
  const { compression, chunks } = await decompressed(bytes, options.gunzip)
  input.compression = compression
  input.chunks = guarded(chunks, input, options.describe)
  return {
    input,
    async close() {
      await bytes.return()
    },
  }
}

/** Counts what is read, and stops reading a file when the user has ended the input. */
async function* counted(
  chunks: Chunks,
  input: Input,
  signal: StopSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    input.bytesRead += chunk.length
    yield chunk
    if (signal?.aborted && input.size !== null) {
      input.failure = 'reading was ended by the user'
      return
    }
  }
}

/** Turns an error on the way into the end of the input. */
async function* guarded(
  chunks: Chunks,
  input: Input,
  describe: OpenOptions['describe'],
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks
  } catch (error) {
    input.failure ??= error instanceof DamageError ? error.message : describe(error)
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
async function* none(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* []
}
