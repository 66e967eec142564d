import { readInputs } from '../../input/read-inputs.js'
import type { Analysis } from '../../report/contract.js'
import type { Dependencies } from '../dependencies.js'
import { printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { AnalyzeCommandOptions } from '../options.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import type { ProcessIo } from '../process-io.js'
import { openProgress } from '../terminal/open-progress.js'

/** An analysis, and whether all of the input could be read. */
export interface WholeInput {
  analysis: Analysis
  isWhole: boolean
}

/** The analysis of captures, with all of its sessions; `null` if none could be read. */
export async function analyzeWhole(
  captures: readonly string[],
  options: Pick<AnalyzeCommandOptions, 'output' | 'quiet' | 'keepGoing'> & Parameters<typeof withSecrets>[0],
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<WholeInput | null> {
  const plan = await dependencies.planInputs?.(captures, signal)
  const analyzer = await dependencies.createAnalyzer(await withSecrets(options), undefined, plan)
  const input = { isWhole: true }
  const read = await readInputs((onProblem) => dependencies.inputs(captures, signal, onProblem, plan), {
    analyzer,
    tell: (message) => {
      input.isWhole = false
      printError(io, message)
    },
    progress: await openProgress(options.quiet ? null : io.stderr),
    signal,
    check: ({ path }) => refuseOverwrite(path, options.output),
    afterChunk: () => Promise.resolve(),
  })
  return read === 0 ? null : { analysis: analyzer.end(), isWhole: input.isWhole || options.keepGoing === true }
}
