import { fstatSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Chunks, Input } from '../../input/input.js'
import { openInput } from '../../input/open-input.js'
import type { OnProblem, Source } from './find-sources.js'
import { findSources, STANDARD_INPUT } from './find-sources.js'
import { gunzip } from './gunzip.js'
import { openSpecial } from './open-special.js'
import { readFileChunks } from './read-file.js'
import { readStreamChunks } from './read-stream.js'
import { cannotRead, describeSystemError } from './system-error.js'

/** Of a pipe and the like: what there is comes in one call. */
const STREAM_CHUNK = 1024 * 1024

export interface InputOptions {
  /** What `-` stands for. */
  stdin: Readable
  /** Ends the input as if it ended there, on a user's Ctrl-C; a pipe's last bytes are still read. */
  signal?: AbortSignal
  /** Hears of each argument that cannot be read, and the others are read nevertheless; without it the first one is thrown. */
  onProblem?: OnProblem
}

/**
 * Opens what the arguments name, one input after the other, files in the order of their first frames: each input has to be read to
 * its end (or left) before the next is asked for.
 * @throws InputError for an argument that cannot be read, unless `onProblem` hears of it
 */
export async function* openInputs(
  paths: readonly string[],
  options: InputOptions,
): AsyncGenerator<Input, void, undefined> {
  const { signal } = options
  const onProblem =
    options.onProblem ??
    ((problem) => {
      throw problem
    })
  for (const source of await findSources(paths, onProblem)) {
    if (signal?.aborted) return
    const path = source.path === STANDARD_INPUT ? 'standard input' : source.path
    const raw = { path, size: source.size, chunks: rawChunks(source, options) }
    const opened = await openInput(raw, { gunzip, signal, describe: describeSystemError }).catch((error: unknown) => {
      onProblem(cannotRead(path, error))
    })
    if (!opened) continue
    try {
      yield opened.input
    } finally {
      // Closes the file of an input that was not read to its end.
      await opened.close()
    }
  }
}

function rawChunks({ path, size }: Source, { stdin, signal }: InputOptions): Chunks {
  if (path === STANDARD_INPUT) return readStandardInput(stdin, signal)
  if (size !== null) return readFileChunks(path)
  return readSpecialChunks(path, signal)
}

/** Node gives a folder as a stream without a byte. */
async function* readStandardInput(
  stdin: Readable & { fd?: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (stdin.fd !== undefined && fstatSync(stdin.fd).isDirectory()) {
    throw Object.assign(new Error('standard input is a folder'), { code: 'EISDIR' })
  }
  yield* readStreamChunks(stdin, signal)
}

/** Opens it only when it is read, so that what goes wrong is told where the input is. */
async function* readSpecialChunks(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* readStreamChunks(openSpecial(path, STREAM_CHUNK), signal)
}
