import { readInputs } from '../../input/read-inputs.js'
import type { Analysis } from '../../report/contract.js'
import type { Dependencies } from '../dependencies.js'
import { printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { AnalyzeCommandOptions } from '../options.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import type { ProcessIo } from '../process-io.js'
import { openProgress } from '../terminal/open-progress.js'

/** The analysis of captures, with all of its sessions; `null` if none could be read. */
export async function analyzeWhole(
  captures: readonly string[],
  options: Pick<AnalyzeCommandOptions, 'output' | 'quiet'> & Parameters<typeof withSecrets>[0],
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<Analysis | null> {
  const plan = await dependencies.planInputs?.(captures, signal)
  const analyzer = await dependencies.createAnalyzer(await withSecrets(options), undefined, plan)
  const read = await readInputs((onProblem) => dependencies.inputs(captures, signal, onProblem, plan), {
    analyzer,
    tell: (message) => {
      printError(io, message)
    },
    progress: await openProgress(options.quiet ? null : io.stderr),
    signal,
    check: (input) => refuseOverwrite(input.path, options.output),
    afterChunk: () => Promise.resolve(),
  })
  return read === 0 ? null : analyzer.end()
}
