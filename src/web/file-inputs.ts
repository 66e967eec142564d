import { CaptureFormatError } from '../capture/format-error.js'
import type { Epoch } from '../capture/time.js'
import { byFirstTime } from '../input/file-order.js'
import { InputError } from '../input/input-error.js'
import type { Input, StopSignal } from '../input/input.js'
import { openInput } from '../input/open-input.js'
import { scan } from '../input/scan.js'
import type { ScannedFile } from '../paths/files/places-of-files.js'
import { peekFirstTime } from '../input/peek.js'
import { gunzip } from './gunzip.js'
import { SLICE_LENGTH } from './slice-length.js'

const PEEKED_SLICE = 64 * 1024

/** A file that the user chose. */
export interface ChosenFile {
  file: File
  path: string
  size: number
  firstTime: Epoch | null
}

/** Opens files, one after the other. */
export async function* fileInputs(
  files: readonly ChosenFile[],
  signal: StopSignal,
  onProblem: (problem: Error) => void,
): AsyncGenerator<Input, void, undefined> {
  for (const { file, path } of files) {
    if (signal.aborted) return
    const raw = { path, size: file.size, chunks: slices(file, SLICE_LENGTH) }
    const opened = await openInput(raw, { gunzip, signal, describe }).catch((error: unknown) => {
      onProblem(cannotRead(path, error))
    })
    if (!opened) continue
    try {
      yield opened.input
    } finally {
      await opened.close()
    }
  }
}

/** `null` if it cannot be read, or the user ends the input. */
export async function scanFile({ file, path }: ChosenFile, signal: StopSignal): Promise<ScannedFile | null> {
  if (signal.aborted) return null
  const raw = { path, size: file.size, chunks: slices(file, SLICE_LENGTH) }
  const opened = await openInput(raw, { gunzip, signal, describe }).catch(() => null)
  if (!opened) return null
  try {
    return await scan(opened.input)
  } finally {
    await opened.close()
  }
}

/** The captures among files, in the order of their first frames, each with its own path, even if names are equal. */
export async function chosenFiles(
  files: readonly File[],
  onProblem: (problem: Error) => void,
): Promise<readonly ChosenFile[]> {
  const sources: ChosenFile[] = []
  for (const file of files) {
    const name = file.webkitRelativePath || file.name
    const same = sources.filter((source) => (source.file.webkitRelativePath || source.file.name) === name).length
    const path = same === 0 ? name : `${name} (${same + 1})`
    try {
      const firstTime = await peekFirstTime(path, slices(file, PEEKED_SLICE), gunzip)
      sources.push({ file, path, size: file.size, firstTime })
    } catch (error) {
      onProblem(error instanceof CaptureFormatError || error instanceof InputError ? error : cannotRead(path, error))
    }
  }
  return byFirstTime(sources)
}

/** The file in slices. The next one is read while the consumer processes the current one. */
async function* slices(file: File, length: number): AsyncGenerator<Uint8Array, void, undefined> {
  const read = (at: number): Promise<ArrayBuffer> => file.slice(at, at + length).arrayBuffer()
  let reading = read(0)
  try {
    for (let at = 0; at < file.size; at += length) {
      const bytes = new Uint8Array(await reading)
      if (at + length < file.size) reading = read(at + length)
      yield bytes
    }
  } finally {
    // A slice that is no longer needed is not awaited.
    await reading.catch(() => undefined)
  }
}

function cannotRead(path: string, error: unknown): InputError {
  return new InputError(`Cannot read ${path}: ${describe(error)}`, { cause: error })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  switch (error.name) {
    case 'NotReadableError':
      return 'the browser has no permission to read it, or it has changed; choose it again'
    case 'NotFoundError':
      return 'no such file; choose it again'
    default:
      return error.message
  }
}
