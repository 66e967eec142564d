import { readInputs } from '../../input/read-inputs.js'
import { DEFAULT_OPTIONS } from '../../report/format.js'
import type { ComparisonReport } from '../../report/compare/contract.js'
import type { Dependencies } from '../dependencies.js'
import { expressionOf } from '../arguments/expression.js'
import { CommandError, printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { CompareCommandOptions } from '../options.js'
import { openOutput } from '../output/open-output.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import { writeAll } from '../output/write-all.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { openProgress } from '../terminal/open-progress.js'
import { widthOf } from '../terminal/width.js'

/** `ftpscope compare A B [C…]`: what became of the packets between the places where these were captured. */
export async function compare(
  captures: readonly string[],
  options: CompareCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) {
    throw new CommandError('Specify the captures to compare: one of each place (see ftpscope compare --help)')
  }
  const { format } = options
  if (format !== 'text' && format !== 'json') {
    throw new CommandError(`--format ${format} is not available for compare; use text or json`)
  }
  if (expressionOf(options) !== null || options.sort !== undefined || options.limit !== undefined) {
    throw new CommandError('Sessions cannot be chosen for compare, which shows connections')
  }
  if (captures.filter((capture) => capture === '-').length > 1) {
    throw new CommandError('Standard input can be only one of the captures')
  }
  const output = await openOutput(options.output, io)
  try {
    const report = await comparisonOf(captures, options, io, dependencies)
    if (!report) {
      await output.discard()
      return Status.Failed
    }
    await writeAll(output, await textOf(report, options, io))
    await output.finish()
    return Status.Done
  } catch (error) {
    await output.discard()
    throw error
  }
}

/** `null` if a capture cannot be read: without it, the others would be compared with something else. */
async function comparisonOf(
  captures: readonly string[],
  options: CompareCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<ComparisonReport | null> {
  const { allConnections } = options
  const comparison = await dependencies.createComparison({
    ...(await withSecrets(options)),
    ...(allConnections && { allConnections }),
  })
  const stop = new AbortController()
  const forgetInterrupt = io.onInterrupt(() => {
    stop.abort()
  })
  try {
    const progress = await openProgress(options.quiet ? null : io.stderr)
    for (const capture of captures) {
      const plan = await dependencies.planInputs?.([capture], stop.signal)
      const read = await readInputs((onProblem) => dependencies.inputs([capture], stop.signal, onProblem, plan), {
        analyzer: comparison.place(plan),
        tell: (message) => {
          printError(io, message)
        },
        progress,
        signal: stop.signal,
        check: (input) => refuseOverwrite(input.path, options.output),
        afterChunk: () => Promise.resolve(),
      })
      if (read === 0) return null
    }
  } finally {
    forgetInterrupt()
  }
  const report = comparison.end()
  if (report.places.length < 2) {
    throw new CommandError(`${captures[0]!} is of one place; specify the captures of at least two`)
  }
  return report
}

async function textOf(
  report: ComparisonReport,
  { format, output, color, all }: CompareCommandOptions,
  io: ProcessIo,
): Promise<Iterable<string>> {
  if (format === 'json') return [(await import('../../report/compare/json.js')).comparisonJson(report)]
  const { comparisonText } = await import('../../report/compare/text.js')
  const toScreen = output === undefined || output === '-'
  const lines = comparisonText(report, {
    width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
    style: styleFor(toScreen && wantsColor(io, color)),
    all: all ?? false,
  })
  return withLineEnds(lines)
}

function* withLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line.trimEnd()}\n`
}
