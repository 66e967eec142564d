import { fstatSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { InputPlan } from '../../capture/input-plan.js'
import type { Chunks, Input } from '../../input/input.js'
import { openInput } from '../../input/open-input.js'
import type { OnProblem, Source } from './find-sources.js'
import { findSources, STANDARD_INPUT } from './find-sources.js'
import { gunzip } from './gunzip.js'
import { openSpecial } from './open-special.js'
import { readFileChunks } from './read-file.js'
import { readStreamChunks } from './read-stream.js'
import { cannotRead, describeSystemError } from './system-error.js'

/** For pipes and devices: what is available is read in one call. */
const STREAM_CHUNK = 1024 * 1024

export interface InputOptions {
  /** The stream for `-`. */
  stdin: Readable
  /** Ends the input early, on a user's Ctrl-C; the last bytes of a pipe are still read. */
  signal?: AbortSignal
  /**
   * Called for each argument that cannot be read, before the others are read; without it, the first error is thrown.
   */
  onProblem?: OnProblem
  /** The order of the files, instead of that of their first frames. */
  plan?: InputPlan
}

/**
 * Opens the inputs that the arguments name, one after the other, files in the order of their first frames: each must be
 * read to its end (or left) before the next one is requested.
 * @throws InputError for an argument that cannot be read, unless there is an `onProblem`
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
  for (const source of inOrder(await findSources(paths, onProblem), options.plan)) {
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

function inOrder(sources: readonly Source[], plan: InputPlan | undefined): readonly Source[] {
  if (!plan) return sources
  const ranks = new Map(plan.places.flat().map((path, index) => [path, index]))
  const rank = ({ path }: Source): number => ranks.get(path) ?? Infinity
  return sources.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

function rawChunks({ path, size }: Source, { stdin, signal }: InputOptions): Chunks {
  if (path === STANDARD_INPUT) return readStandardInput(stdin, signal)
  if (size !== null) return readFileChunks(path)
  return readSpecialChunks(path, signal)
}

/** Node opens a directory as an empty stream. */
async function* readStandardInput(
  stdin: Readable & { fd?: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (stdin.fd !== undefined && fstatSync(stdin.fd).isDirectory()) {
    throw Object.assign(new Error('standard input is a directory'), { code: 'EISDIR' })
  }
  yield* readStreamChunks(stdin, signal)
}

/** Opens the file only when it is read, so that errors are reported with the input. */
async function* readSpecialChunks(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* readStreamChunks(openSpecial(path, STREAM_CHUNK), signal)
}
