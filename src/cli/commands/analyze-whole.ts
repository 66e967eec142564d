import type { InputPlan } from '../../capture/input-plan.js'
import type { Input } from '../../input/input.js'
import type { AnalyzerOptions } from '../../options.js'
import { readInputs } from '../../input/read-inputs.js'
import type { Analysis } from '../../report/contract.js'
import type { Dependencies } from '../dependencies.js'
import { printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { AnalyzeCommandOptions } from '../options.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import type { ProcessIo } from '../process-io.js'
import { openProgress } from '../terminal/open-progress.js'

/** An analysis, and whether each input could be read, at least in part. */
export interface WholeInput {
  analysis: Analysis
  allRead: boolean
}

export interface WholeReading {
  /** Taken by the analyzer beside the options. */
  hooks?: Pick<AnalyzerOptions, 'ended' | 'judged' | 'content'>
  /** Called before an input is read; throws to stop. */
  check?: (input: Input, plan: InputPlan | undefined) => void | Promise<void>
}

/** The analysis of captures, with all of its sessions; `null` if none could be read. */
export async function analyzeWhole(
  captures: readonly string[],
  options: Pick<AnalyzeCommandOptions, 'output' | 'quiet' | 'keepGoing'> & Parameters<typeof withSecrets>[0],
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
  { hooks = {}, check }: WholeReading = {},
): Promise<WholeInput | null> {
  const plan = await dependencies.planInputs?.(captures, signal)
  const analyzer = await dependencies.createAnalyzer({ ...(await withSecrets(options)), ...hooks }, undefined, plan)
  const told = { allRead: true }
  const read = await readInputs((onProblem) => dependencies.inputs(captures, signal, onProblem, plan), {
    analyzer,
    tell: (message, wasRead) => {
      if (!wasRead) told.allRead = false
      printError(io, message)
    },
    progress: await openProgress(options.quiet ? null : io.stderr),
    signal,
    check: async (input) => {
      await check?.(input, plan)
      await refuseOverwrite(input.path, options.output)
    },
    afterChunk: () => Promise.resolve(),
  })
  return read === 0 ? null : { analysis: analyzer.end(), allRead: told.allRead || options.keepGoing === true }
}
