import { DEFAULT_OPTIONS } from '../../report/format.js'
import type { TopReport } from '../../report/top/contract.js'
import { topOf } from '../../report/top/totals.js'
import { UTC } from '../../report/time-zone.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError } from '../errors.js'
import type { AnalyzeCommandOptions } from '../options.js'
import { openOutput } from '../output/open-output.js'
import { writeAll } from '../output/write-all.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { widthOf } from '../terminal/width.js'
import { analyzeWhole } from './analyze-whole.js'

const FORMATS = ['text', 'csv', 'json'] as const
type TopFormat = (typeof FORMATS)[number]

/** `ftpscope top CAPTURE…`: totals per server, client, user and day. */
export async function top(
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) throw new CommandError('Specify a capture: a file, a directory, or - for standard input')
  const format = FORMATS.find((name) => name === options.format)
  if (!format) throw new CommandError(`--format ${options.format} is not available for top; use text, csv or json`)
  const stop = new AbortController()
  const forgetInterrupt = io.onInterrupt(() => {
    stop.abort()
  })
  const output = await openOutput(options.output, io)
  try {
    const input = await analyzeWhole(captures, options, io, dependencies, stop.signal).finally(forgetInterrupt)
    if (!input) {
      await output.discard()
      return Status.Failed
    }
    await writeAll(output, await written(topOf(input.analysis, options.tz ?? UTC), format, options, io))
    await output.finish()
    return input.allRead ? Status.Done : Status.Failed
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function written(
  report: TopReport,
  format: TopFormat,
  { output, color, all }: AnalyzeCommandOptions,
  io: ProcessIo,
): Promise<Iterable<string>> {
  if (format === 'json') return (await import('../../report/top/json.js')).topJson(report)
  if (format === 'csv') return (await import('../../report/top/csv.js')).topCsv(report)
  const toScreen = output === undefined || output === '-'
  const { topText } = await import('../../report/top/text.js')
  return withLineEnds(
    topText(report, {
      ...DEFAULT_OPTIONS,
      width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
      style: styleFor(toScreen && wantsColor(io, color)),
      all: all ?? false,
    }),
  )
}

function* withLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line.trimEnd()}\n`
}
