import type { CompareOptions } from '../compare.js'
import type { InputPlan } from '../capture/input-plan.js'
import type { Input, InputReader } from '../input/input.js'
import type { AnalyzerOptions } from '../options.js'
import type { Assets } from '../report/formats.js'
import type { ComparisonReport } from '../report/compare/contract.js'
import type { Analysis } from '../report/contract.js'
import type { SessionSink } from '../report/session-sink.js'
import type { ParallelReading } from './pool/parallel.js'

/**
 * What the commands depend on; each is loaded only when it is called, so that `--help` does not wait for the analyzer.
 */
export interface Dependencies extends Assets {
  version: string
  /** Directory of the pages that `explain` shows. */
  findings: URL
  /** A sink takes the sessions as they end; without one, the analysis contains them. */
  createAnalyzer(
    options: AnalyzerOptions,
    sink?: SessionSink,
    plan?: InputPlan,
  ): Promise<InputReader & { end(): Analysis }>
  /** What a look at the captures shows before they are read; `undefined` where they cannot be read twice. */
  planInputs?: (captures: readonly string[], signal: AbortSignal) => Promise<InputPlan | undefined>
  /** Whether one of several captures can be read only once. */
  haveReadOnce?: (captures: readonly string[]) => Promise<boolean>
  /** Compares what several places saw of the same connections; each place is read as by an analyzer. */
  createComparison(options: CompareOptions): Promise<{ place(plan?: InputPlan): InputReader; end(): ComparisonReport }>
  /**
   * The analysis that an earlier run wrote into a file; `null` if the path is of captures.
   * @throws CommandError when it is JSON of something else
   */
  earlierAnalysis(path: string): Promise<Analysis | null>
  /** An analysis in several threads if that helps; `null` if it does not. */
  analyzeInParallel?: (
    captures: readonly string[],
    reading: Omit<ParallelReading, 'script'>,
  ) => Promise<{ read: number; analysis: Analysis } | null>
  /**
   * The files of the arguments in the order in which to read them. When aborted, they end as if the input had ended, a
   * pipe with the bytes that it already contains. `onProblem` is called for each argument that cannot be read. A plan
   * states another order.
   */
  inputs: (
    captures: readonly string[],
    signal: AbortSignal,
    onProblem: (problem: Error) => void,
    plan?: InputPlan,
  ) => AsyncIterable<Input>
}
