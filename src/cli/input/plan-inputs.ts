import type { InputPlan } from '../../capture/input-plan.js'
import { openInput } from '../../input/open-input.js'
import { planInput } from '../../input/plan.js'
import { scan } from '../../input/scan.js'
import type { ScannedFile } from '../../paths/files/places-of-files.js'
import { findSources, type Source } from './find-sources.js'
import { gunzip } from './gunzip.js'
import { readFileChunks } from './read-file.js'
import { describeSystemError } from './system-error.js'

/**
 * Looks at the captures before they are read; `undefined` for one file, for pipes, which can be read only once, and
 * where the user ends the input.
 */
export async function planInputs(captures: readonly string[], signal: AbortSignal): Promise<InputPlan | undefined> {
  const sources = await findSources(captures, () => undefined)
  return planInput(sources, (source) => scanFile(source, signal))
}

/** `null` if it cannot be read: whoever reads it next says why. */
async function scanFile({ path, size }: Source, signal: AbortSignal): Promise<ScannedFile | null> {
  if (signal.aborted) return null
  const raw = { path, size, chunks: readFileChunks(path) }
  const opened = await openInput(raw, { gunzip, signal, describe: describeSystemError }).catch(() => null)
  if (!opened) return null
  try {
    return await scan(opened.input)
  } finally {
    await opened.close()
  }
}
