import type { Readable } from 'node:stream'
import type { FileScan } from '../../capture/file-series.js'
import type { InputPlan } from '../../capture/input-plan.js'
import { planOf } from '../../input/plan.js'
import { scan } from '../../input/scan.js'
import { findSources } from './find-sources.js'
import { openInputs } from './open-inputs.js'

/** Looks at the captures before they are read; `undefined` for one file, and for pipes, which can be read only once. */
export async function planInputs(
  captures: readonly string[],
  stdin: Readable,
  signal: AbortSignal,
): Promise<InputPlan | undefined> {
  const sources = await findSources(captures, () => undefined)
  if (sources.length < 2 || sources.some(({ size }) => size === null)) return undefined
  const scans: FileScan[] = []
  for (const { path } of sources) {
    for await (const input of openInputs([path], { stdin, signal, onProblem: () => undefined })) {
      scans.push(await scan(input))
    }
  }
  return planOf(scans)
}
