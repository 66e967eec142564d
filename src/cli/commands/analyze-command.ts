import type { AnalyzeOptions } from '../../options.js'
import { readInputs } from '../../input/read-inputs.js'
import type { Handover } from '../../report/summary/analysis-builder.js'
import type { Analysis } from '../../report/contract.js'
import { DEFAULT_OPTIONS, type GatheredReport, type ReportFormat, type ReportOptions } from '../../report/format.js'
import { FORMATS } from '../../report/formats.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { CommandError, printError } from '../errors.js'
import type { ProcessIo } from '../process-io.js'
import { openOutput } from '../output/open-output.js'
import type { Output } from '../output/output.js'
import { writeAll } from '../output/write-all.js'
import type { ParallelReading } from '../pool/parallel.js'
import { type AnalyzeCommandOptions, analyzeOptions } from '../options.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import type { Dependencies } from '../dependencies.js'
import { SessionLines } from '../output/session-lines.js'
import { SessionSelection } from './session-selection.js'
import { Status } from '../status.js'
import { openProgress } from '../terminal/open-progress.js'
import { widthOf } from '../terminal/width.js'

/** `ftpscope [analyze] CAPTURE…` */
export async function analyze(
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) {
    throw new CommandError('Name a capture: a file, a folder, or - for standard input (see ftpscope --help)')
  }
  if (options.rows && options.format !== 'csv') throw new CommandError('--rows goes with --format csv')
  const format = await FORMATS[options.format](dependencies)
  // Before there is a file that an interrupt would leave behind.
  const interrupt = listenForInterrupt(options, io)
  const output = await openOutput(options.output, io)
  try {
    const status = await analyzeInto(output, format, captures, options, io, dependencies, interrupt)
    await (status === Status.Failed ? output.discard() : output.finish())
    return status
  } catch (error) {
    await output.discard()
    throw error
  }
}

interface Interrupt {
  stop: AbortController
  /** What is left after reading is short: the next signal ends the process. */
  forget: () => void
}

function listenForInterrupt({ quiet }: AnalyzeCommandOptions, io: ProcessIo): Interrupt {
  const stop = new AbortController()
  const forget = io.onInterrupt(() => {
    stop.abort()
    if (!quiet) printError(io, 'Interrupted: the report covers what was read up to here')
  })
  return { stop, forget }
}

async function analyzeInto(
  output: Output,
  format: ReportFormat,
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
  interrupt: Interrupt,
): Promise<Status> {
  const selection = new SessionSelection(options.session)
  const look = reportOptions(options, selection, io)
  const lines = format.parts ? new SessionLines(output, format.parts, look, selection) : null
  // Which sessions are chosen is known when they have their final ids.
  const gathered = selection.chosen ? null : (format.gather?.(new TextEncoder()) ?? null)
  const { stop } = interrupt
  const reading = {
    tell: (message: string): void => {
      printError(io, message)
    },
    progress: await openProgress(options.quiet || (lines && io.stdout.isTTY) ? null : io.stderr),
    signal: stop.signal,
    check: (input: { path: string }) => refuseOverwrite(input.path, options.output),
  }
  const handOn = async (): Promise<void> => {
    await lines?.flush()
    // The exit status of --fail-on is worth reading on for; lines that nobody takes are not.
    if (output.readerGone && !options.failOn) stop.abort()
  }
  const analysis = await analysisOf(
    captures,
    { ...analyzeOptions(options), ...sessionOptions(lines, gathered, selection) },
    options,
    reading,
    handOn,
    dependencies,
  ).finally(interrupt.forget)
  if (!analysis) return Status.Failed
  await lines?.flush()
  const sessions = analysis.sessions.filter((session) => selection.takes(session))
  selection.count(analysis.findings)
  if (selection.chosen && selection.taken === 0) {
    throw new CommandError(`No session ${selection.missing.join(', ')}: there are ${analysis.summary.sessions}`)
  }
  if (lines) await lines.finish(analysis)
  else await writeAll(output, gathered?.report(analysis) ?? format.report({ ...analysis, sessions }, look))
  if (selection.missing.length > 0) printError(io, `No session ${selection.missing.join(', ')}`)
  return options.failOn && selection.has(options.failOn) ? Status.FindingsMet : Status.Done
}

/** In several threads where that helps, else in this one; `null` when nothing could be read. */
async function analysisOf(
  captures: readonly string[],
  options: AnalyzeOptions,
  { jobs }: AnalyzeCommandOptions,
  reading: Pick<ParallelReading, 'tell' | 'progress' | 'signal' | 'check'>,
  handOn: () => Promise<void>,
  dependencies: Dependencies,
): Promise<Analysis | null> {
  const parallel = await dependencies.analyzeInParallel?.(captures, {
    ...reading,
    jobs: jobs ?? null,
    options,
    afterSessions: handOn,
  })
  if (parallel) return parallel.read > 0 ? parallel.analysis : null
  const analyzer = await dependencies.createAnalyzer(options)
  const inputs = (onProblem: (problem: Error) => void) => dependencies.inputs(captures, reading.signal, onProblem)
  // A session that ends on a quiet line is told when its time is up, not when the next packet comes. A failure to write shows at the end.
  const clock = setInterval(() => {
    analyzer.idle?.(Date.now())
    handOn().catch(() => undefined)
  }, 1000)
  const read = await readInputs(inputs, { ...reading, analyzer, afterChunk: handOn }).finally(() => {
    clearInterval(clock)
  })
  return read > 0 ? analyzer.end() : null
}

/** Where sessions go as they end; without either they stay in the analysis. */
function sessionOptions(
  lines: SessionLines | null,
  gathered: GatheredReport | null,
  selection: SessionSelection,
): Handover {
  if (lines) {
    return {
      onSession: (session) => {
        lines.add(session)
      },
    }
  }
  if (!gathered) return {}
  return {
    onSession: (session) => {
      if (selection.takes(session)) gathered.add(session)
    },
    idOf: (id) => gathered.idOf(id),
  }
}

function reportOptions(
  { output, color, all, rows }: AnalyzeCommandOptions,
  { chosen }: SessionSelection,
  io: ProcessIo,
): ReportOptions {
  const toScreen = output === undefined || output === '-'
  return {
    width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
    style: styleFor(toScreen && wantsColor(io, color)),
    chosen,
    all: all ?? false,
    rows: rows ?? DEFAULT_OPTIONS.rows,
  }
}
