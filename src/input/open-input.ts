import { type Gunzip, decompressed } from './compression.js'
import { DamageError } from './damage-error.js'
import type { Chunks, Input, StopSignal } from './input.js'

/** Bytes of one input as they are stored, with what their source knows about them. */
export interface RawInput {
  path: string
  /** `null` if unknown. */
  size: number | null
  chunks: Chunks
}

export interface OpenOptions {
  gunzip: Gunzip
  signal: StopSignal | undefined
  /** Describes an error of the source. */
  describe: (error: unknown) => string
}

/**
 * An input with its bytes decompressed and counted; `close` releases an unread rest. Throws if the first bytes cannot
 * be read.
 */
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

/** Counts the bytes read, and stops reading a file when the user has ended the input. */
async function* counted(
  chunks: Chunks,
  input: Input,
  signal: StopSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    input.bytesRead += chunk.length
    yield chunk
    if (signal?.aborted && input.size !== null) {
      input.failure = 'reading was interrupted by the user'
      return
    }
  }
}

/** Turns an error into the end of the input. */
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

// eslint-disable-next-line @typescript-eslint/require-await -- the type requires an async generator
async function* none(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* []
}
