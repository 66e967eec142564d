import { SEVERITIES, type Severity } from '../../diagnose/rule.js'
import { withoutIgnored } from '../../report/choose/ignore.js'
import { where } from '../../report/choose/where.js'
import type { Analysis } from '../../report/contract.js'
import type { DiffReport } from '../../report/diff/contract.js'
import { DEFAULT_OPTIONS } from '../../report/format.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError } from '../errors.js'
import { type AnalyzeCommandOptions, analyzeOptions, type FailOn } from '../options.js'
import { openOutput } from '../output/open-output.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import { writeAll } from '../output/write-all.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { widthOf } from '../terminal/width.js'
import { analyzeWhole, type WholeInput } from './analyze-whole.js'

const DIFF_FORMATS = ['text', 'markdown', 'json'] as const
type DiffFormat = (typeof DIFF_FORMATS)[number]

/** `ftpscope diff BEFORE AFTER`: what a change did to the sessions of a job. */
export async function diff(
  captures: readonly string[],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  const [before, after, ...more] = captures
  if (before === undefined || after === undefined || more.length > 0) {
    throw new CommandError('Specify two captures, directories or analyses: one of before the change, one of after it')
  }
  if (before === '-' && after === '-') throw new CommandError('Standard input can be only one of the two')
  const format = DIFF_FORMATS.find((name) => name === options.format)
  if (!format)
    throw new CommandError(`--format ${options.format} is not available for diff; use text, markdown or json`)
  if (options.failOn?.some((each) => !isSeverity(each)))
    throw new CommandError('--fail-on takes error or warning for diff, which ends with 1 for outcomes that got worse')
  const output = await openOutput(options.output, io)
  try {
    const runs = await bothRuns([before, after], options, io, dependencies)
    if (!runs) {
      await output.discard()
      return Status.Failed
    }
    const { diffAnalyses } = await import('../../report/diff/diff-analyses.js')
    const [a, b] = runs
    const report = diffAnalyses(a.analysis, b.analysis)
    await writeAll(output, await written(report, format, options, io))
    await output.finish()
    if (!a.allRead || !b.allRead) return Status.Failed
    return isWorse(report, options.failOn) ? Status.FindingsMet : Status.Done
  } catch (error) {
    await output.discard()
    throw error
  }
}

/** `null` if one of them cannot be read. */
async function bothRuns(
  paths: readonly [string, string],
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<[WholeInput, WholeInput] | null> {
  const stop = new AbortController()
  const forgetInterrupt = io.onInterrupt(() => {
    stop.abort()
  })
  try {
    const before = await runOf(paths[0], options, io, dependencies, stop.signal)
    const after = before && (await runOf(paths[1], options, io, dependencies, stop.signal))
    return before && after && [before, after]
  } finally {
    forgetInterrupt()
  }
}

/** The analysis of a capture or a directory, or an earlier one. */
async function runOf(
  path: string,
  options: AnalyzeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<WholeInput | null> {
  await refuseOverwrite(path, options.output)
  const earlier = await dependencies.earlierAnalysis(path)
  if (earlier) return { analysis: chosenOf(earlier, options), allRead: true }
  return analyzeWhole([path], options, io, dependencies, signal)
}

/** Of an earlier analysis, the sessions that the options ask for. */
function chosenOf(analysis: Analysis, options: AnalyzeCommandOptions): Analysis {
  const { where: expression, ignore } = analyzeOptions(options)
  const chooses = expression === undefined ? () => true : where(expression, options.tz)
  const ignored = new Set(ignore)
  const sessions = analysis.sessions.map((session) => withoutIgnored(session, ignored)).filter(chooses)
  return { ...analysis, sessions }
}

async function written(
  report: DiffReport,
  format: DiffFormat,
  options: AnalyzeCommandOptions,
  io: ProcessIo,
): Promise<Iterable<string>> {
  const { output, color } = options
  const all = options.all ?? false
  if (format === 'json') return (await import('../../report/diff/json.js')).diffJson(report)
  if (format === 'markdown') {
    return withLineEnds((await import('../../report/diff/markdown.js')).diffMarkdown(report, { all }))
  }
  const toScreen = output === undefined || output === '-'
  const { diffText } = await import('../../report/diff/text.js')
  return withLineEnds(
    diffText(report, {
      width: toScreen ? widthOf(io.stdout) : DEFAULT_OPTIONS.width,
      style: styleFor(toScreen && wantsColor(io, color)),
      all,
    }),
  )
}

function* withLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line.trimEnd()}\n`
}

/** Something got worse, or a finding came that is at least as severe as `--fail-on`. */
function isWorse({ summary, findings }: DiffReport, failOn: readonly FailOn[] = []): boolean {
  if (summary.isWorse) return true
  const least = Math.max(-1, ...failOn.filter(isSeverity).map((each) => SEVERITIES.indexOf(each)))
  return findings.some(({ change, severity }) => change === 'came' && SEVERITIES.indexOf(severity) <= least)
}

function isSeverity(failOn: FailOn): failOn is FailOn & Severity {
  return failOn === 'error' || failOn === 'warning'
}
