import { getHeapStatistics } from 'node:v8'
import { readInputs } from '../../input/read-inputs.js'
import type { Analysis } from '../../report/contract.js'
import { DEFAULT_OPTIONS, type ReportFormat, type ReportOptions } from '../../report/format.js'
import { FORMATS } from '../../report/formats.js'
import { plural } from '../../report/text/units.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError, printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { AnalyzeCommandOptions } from '../options.js'
import { openOutput } from '../output/open-output.js'
import type { Output } from '../output/output.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import { refuseTerminal } from '../output/refuse-terminal.js'
import { ReportOutput } from '../output/report-output.js'
import type { ParallelReading } from '../pool/parallel.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { openProgress } from '../terminal/open-progress.js'
import { widthOf } from '../terminal/width.js'
import { SessionSelection } from './session-selection.js'

/** Of the heap, for sessions that have ended: open ones, and the report, need the rest. */
const SHARE_OF_SESSIONS = 0.4

/** `ftpscope [analyze] CAPTURE…` */
export async function analyze(
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) {
    throw new CommandError('Specify a capture: a file, a directory, or - for standard input (see ftpscope --help)')
  }
  if (options.rows && options.format !== 'csv') throw new CommandError('--rows requires --format csv')
  if (options.format === 'html') refuseTerminal(options.output, io)
  const format = await formatOf(options, dependencies)
  // Before a file is created that an interrupt would leave behind.
  const interrupt = listenForInterrupt(options, io)
  // With --fail-on, the exit status may be all that is wanted.
  const output = await openOutput(options.output, options.failOn ? { ...io, stdoutClosed: false } : io)
  try {
    const status = await analyzeInto(output, format, captures, options, io, dependencies, interrupt)
    await (status === null ? output.discard() : output.finish())
    return status ?? Status.Failed
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function formatOf(options: AnalyzeCommandOptions, dependencies: Dependencies): Promise<ReportFormat> {
  const { sort, limit } = options
  const format = await FORMATS[options.format](dependencies)
  if (sort === undefined && limit === undefined) return format
  const { arrangedFormat } = await import('../../report/choose/arranged.js')
  return arrangedFormat(format, { ...(sort !== undefined && { sort }), ...(limit !== undefined && { limit }) })
}

interface Interrupt {
  stop: AbortController
  /** The remaining work after reading is short: the next signal ends the process. */
  forget: () => void
}

function listenForInterrupt({ quiet }: AnalyzeCommandOptions, io: ProcessIo): Interrupt {
  const stop = new AbortController()
  const forget = io.onInterrupt(() => {
    stop.abort()
    if (!quiet) printError(io, 'Interrupted: the report covers what was read so far')
  })
  return { stop, forget }
}

/** `null` if nothing could be read. */
async function analyzeInto(
  output: Output,
  format: ReportFormat,
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
  { stop, forget }: Interrupt,
): Promise<Status | null> {
  const { failOn = [], keepGoing } = options
  const selection = new SessionSelection(options.session, options.ignore)
  const input = { isUnread: false }
  const writer = format(reportOptions(options, selection, io))
  const report = new ReportOutput(output, writer)
  // On the same terminal, progress would appear between sessions.
  const hasProgress = !options.quiet && !(writer.keeps === 'nothing' && io.stdout.isTTY)
  const reading = {
    options: await withSecrets(options),
    jobs: options.jobs ?? null,
    sink: report,
    bounded: writer.keeps !== 'sessions',
    tell: (message: string, wasRead: boolean): void => {
      if (!wasRead) input.isUnread = true
      printError(io, message)
    },
    progress: await openProgress(hasProgress ? io.stderr : null),
    signal: stop.signal,
    check: ({ path }: { path: string }) => refuseOverwrite(path, options.output),
    afterSessions: async (): Promise<void> => {
      await report.flush()
      // Reading continues for the exit status of --fail-on, but not for output that has no reader.
      if (output.readerGone && !options.failOn) stop.abort()
    },
  }
  const analysis = await analysisOf(captures, reading, dependencies).finally(forget)
  if (!analysis) return null
  selection.count(analysis.findings)
  const rest = writer.end(analysis)
  if (selection.chosen && selection.taken === 0)
    throw new CommandError(
      `${selection.notFound}: the capture contains ${plural(analysis.summary.sessions, 'session')}`,
    )
  await report.finish(rest)
  if (selection.missing.length > 0) printError(io, selection.notFound)
  if (input.isUnread && !keepGoing) return Status.Failed
  return failOn.some((each) => selection.meets(each)) ? Status.FindingsMet : Status.Done
}

/** In several threads if that helps, otherwise in this one; `null` if nothing could be read. */
async function analysisOf(
  captures: readonly string[],
  reading: Omit<ParallelReading, 'script'>,
  dependencies: Dependencies,
): Promise<Analysis | null> {
  const { options, sink, signal, afterSessions } = reading
  const plan = await dependencies.planInputs?.(captures, signal)
  const parallel = plan ? null : await dependencies.analyzeInParallel?.(captures, reading)
  if (parallel) return parallel.read > 0 ? parallel.analysis : null
  // What was captured at the same time is of several places; a pipe cannot be read twice to compare packets before.
  const isByTime = !plan && (await dependencies.haveReadOnce?.(captures))
  const analyzer = await dependencies.createAnalyzer(isByTime ? { ...options, places: 'several' } : options, sink, plan)
  const inputs = (onProblem: (problem: Error) => void) => dependencies.inputs(captures, signal, onProblem, plan)
  // A session that ends on a quiet link is reported after its timeout, not when the next packet arrives. Write errors
  // are reported at the end.
  const clock = setInterval(() => {
    analyzer.idle?.(Date.now())
    afterSessions().catch(() => undefined)
  }, 1000)
  const read = await readInputs(inputs, { ...reading, analyzer, afterChunk: afterSessions }).finally(() => {
    clearInterval(clock)
  })
  return read > 0 ? analyzer.end() : null
}

function reportOptions(
  { output, color, all, rows, tz }: AnalyzeCommandOptions,
  selection: SessionSelection,
  io: ProcessIo,
): ReportOptions {
  const toScreen = output === undefined || output === '-'
  return {
    width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
    style: styleFor(toScreen && wantsColor(io, color)),
    chosen: selection.chosen,
    takes: (session, ids) => selection.takes(session, ids),
    all: all ?? false,
    rows: rows ?? DEFAULT_OPTIONS.rows,
    zone: tz ?? DEFAULT_OPTIONS.zone,
    mostKept: Math.floor(getHeapStatistics().heap_size_limit * SHARE_OF_SESSIONS),
  }
}
