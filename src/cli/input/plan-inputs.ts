import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { InputPlan } from '../../capture/input-plan.js'
import { openInput } from '../../input/open-input.js'
import { planInput } from '../../input/plan.js'
import { scan } from '../../input/scan.js'
import type { ScannedFile } from '../../paths/files/places-of-files.js'
import { findSources, type Source, STANDARD_INPUT } from './find-sources.js'
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

/** Whether one of several captures can be read only once: then their times alone show which are of which place. */
export async function haveReadOnce(captures: readonly string[]): Promise<boolean> {
  if (captures.length < 2) return false
  const stats = await Promise.all(captures.map((path) => stat(path).catch(() => null)))
  return captures.some((path, at) => path === STANDARD_INPUT || isReadOnce(stats[at]!))
}

function isReadOnce(stats: Stats | null): boolean {
  return stats !== null && !stats.isFile() && !stats.isDirectory()
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
