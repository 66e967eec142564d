import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Compression } from '../../capture/capture-file.js'
import { decompressed } from './compression.js'
import type { Chunks } from './compression.js'
import type { OnProblem, Source } from './find-sources.js'
import { findSources, STANDARD_INPUT } from './find-sources.js'
import { cannotRead, DamageError, describeSystemError } from './input-error.js'
import { readFileChunks } from './read-file.js'
import { readStreamChunks } from './read-stream.js'

/** Large enough that the calls do not count, small enough for a processor's cache. */
const CHUNK_LENGTH = 1024 * 1024

export interface InputOptions {
  /** What `-` stands for. */
  stdin: Readable
  /** Ends the input as if it ended there, on a user's Ctrl-C; a pipe's last bytes are still read. */
  signal?: AbortSignal
  /** Hears of each argument that cannot be read, and the others are read nevertheless; without it the first one is thrown. */
  onProblem?: OnProblem
}

/** One input, ready to be read. */
export interface InputFile {
  /** As given or found; `standard input` for `-`. */
  path: string
  compression: Compression
  /** Bytes on disk, before decompression; `null` where that cannot be known. */
  size: number | null
  /** Bytes read so far of those; for a progress display. */
  bytesRead: number
  /** The decompressed bytes. A chunk is valid until the next one is asked for. Never throws: see `failure`. */
  chunks: Chunks
  /** Once `chunks` has ended: why it ended early, for `CaptureReader.closeFile`; `null` when all was read. */
  failure: string | null
}

/**
 * Opens what the arguments name, one input after the other, files in the order of their first frames: each input has to be read to
 * its end (or left) before the next is asked for.
 * @throws InputError for an argument that cannot be read, unless `onProblem` hears of it
 */
export async function* openInputs(
  paths: readonly string[],
  options: InputOptions,
): AsyncGenerator<InputFile, void, undefined> {
  const onProblem =
    options.onProblem ??
    ((problem) => {
      throw problem
    })
  for (const source of await findSources(paths, onProblem)) {
    if (options.signal?.aborted) return
    const input: InputFile = {
      path: source.path === STANDARD_INPUT ? 'standard input' : source.path,
      compression: null,
      size: source.size,
      bytesRead: 0,
      chunks: none(),
      failure: null,
    }
    const raw = counted(rawChunks(source, options), input, options.signal)
    try {
      const { compression, chunks } = await decompressed(raw)
      input.compression = compression
      input.chunks = guarded(chunks, input)
    } catch (error) {
      onProblem(cannotRead(input.path, error))
      continue
    }
    try {
      yield input
    } finally {
      // Closes the file of an input that was not read to its end.
      await raw.return()
    }
  }
}

function rawChunks({ path, size }: Source, { stdin, signal }: InputOptions): Chunks {
  if (path === STANDARD_INPUT) return readStreamChunks(stdin, signal)
  if (size !== null) return readFileChunks(path, CHUNK_LENGTH)
  return readStreamChunks(createReadStream(path, { highWaterMark: CHUNK_LENGTH }), signal)
}

/** Counts what is read, and stops reading a file when the user has ended the input. */
async function* counted(
  chunks: Chunks,
  input: InputFile,
  signal: AbortSignal | undefined,
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
async function* guarded(chunks: Chunks, input: InputFile): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks
  } catch (error) {
    input.failure ??= error instanceof DamageError ? error.message : describeSystemError(error)
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
async function* none(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* []
}
