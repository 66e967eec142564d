import type { AnalyzeOptions } from '../options.js'
import { type ProgressDisplay, readInputs } from '../input/read-inputs.js'
import { DEFAULT_OPTIONS, FORMATS, type ReportFormat, type ReportOptions } from '../report/format.js'
import { styleFor, wantsColor } from './color.js'
import { CommandError, printError } from './errors.js'
import type { Io, OutputStream } from './io.js'
import { openOutput, type Output, writeAll } from './output.js'
import type { AnalysisOptions } from './program.js'
import { refuseInputAsOutput } from './same-file.js'
import type { Services } from './services.js'
import { SessionLines } from './session-lines.js'
import { SessionSelection } from './session-selection.js'
import { Status } from './status.js'
import { widthOf } from './width.js'

/** `ftpscope [analyze] CAPTURE…` */
export async function analyze(
  captures: readonly string[],
  options: AnalysisOptions,
  io: Io,
  services: Services,
): Promise<Status> {
  if (captures.length === 0) {
    throw new CommandError('Name a capture: a file, a folder, or - for standard input (see ftpscope --help)')
  }
  const format = await FORMATS[options.format](services)
  const output = await openOutput(options.output, io)
  try {
    const status = await analyzeInto(output, format, captures, options, io, services)
    await (status === Status.Failed ? output.discard() : output.finish())
    return status
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function analyzeInto(
  output: Output,
  format: ReportFormat,
  captures: readonly string[],
  options: AnalysisOptions,
  io: Io,
  services: Services,
): Promise<Status> {
  const selection = new SessionSelection(options.session)
  const lines = format.session ? new SessionLines(output, format.session, selection) : null
  const analyzer = await services.createAnalyzer(analyzerOptions(options, lines))
  const stop = new AbortController()
  const forgetInterrupt = io.onInterrupt(() => {
    stop.abort()
    if (!options.quiet) printError(io, 'Interrupted: the report covers what was read up to here')
  })
  const read = await readInputs((onProblem) => services.inputs(captures, stop.signal, onProblem), {
    analyzer,
    tell: (message) => {
      printError(io, message)
    },
    progress: await progressOn(options.quiet || (lines && io.stdout.isTTY) ? null : io.stderr),
    signal: stop.signal,
    check: (input) => refuseInputAsOutput(input.path, options.output),
    afterChunk: async () => {
      await lines?.flush()
      // The exit status of --fail-on is worth reading on for; lines that nobody takes are not.
      if (output.readerGone && !options.failOn) stop.abort()
    },
  }).finally(forgetInterrupt)
  if (read === 0) return Status.Failed

  const analysis = analyzer.end()
  await lines?.flush()
  const sessions = lines ? [] : analysis.sessions.filter((session) => selection.takes(session))
  selection.count(analysis.findings)
  if (selection.chosen && selection.taken === 0) {
    throw new CommandError(`No session ${selection.missing.join(', ')}: there are ${analysis.summary.sessions}`)
  }
  await writeAll(output, format.report({ ...analysis, sessions }, reportOptions(options, selection, io)))
  if (selection.missing.length > 0) printError(io, `No session ${selection.missing.join(', ')}`)
  return options.failOn && selection.has(options.failOn) ? Status.FindingsMet : Status.Done
}

/** Measuring the width of text is loaded only where there is a terminal to show anything on: it takes longer than a small capture. */
export async function progressOn(stream: OutputStream | null): Promise<ProgressDisplay | null> {
  return stream?.isTTY ? new (await import('./progress.js')).Progress(stream) : null
}

export function analyzerOptions(options: AnalysisOptions, lines: SessionLines | null): AnalyzeOptions {
  const { port, host, showSecrets, maxConnections, maxSessions } = options
  return {
    ...(port && { ports: port }),
    ...(host && { hosts: host }),
    ...(showSecrets && { showSecrets }),
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxSessions !== undefined && { maxSessions }),
    ...(lines && {
      onSession: (session) => {
        lines.add(session)
      },
    }),
  }
}

function reportOptions({ output, color }: AnalysisOptions, { chosen }: SessionSelection, io: Io): ReportOptions {
  const toScreen = output === undefined || output === '-'
  return {
    width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
    style: styleFor(toScreen && wantsColor(io, color)),
    chosen,
  }
}
