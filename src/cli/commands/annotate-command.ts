import type { Analysis, SessionReport } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { Annotator } from '../../slice/annotator.js'
import { displayFilters } from '../../slice/display-filters.js'
import { frameNotes } from '../../slice/frame-notes.js'
import { luaDissector } from '../../slice/lua-dissector.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError, printError } from '../errors.js'
import type { AnnotateCommandOptions } from '../options.js'
import { openOutput } from '../output/open-output.js'
import type { Output } from '../output/output.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { analyzeWhole } from './analyze-whole.js'
import {
  checkUnchanged,
  copyCaptures,
  type Copying,
  refuseInterrupted,
  refuseStream,
  refuseTerminal,
} from './copied-captures.js'
import { SessionSelection } from './session-selection.js'

/** `ftpscope annotate CAPTURE… -o FILE`: the captures with findings as comments on their packets. */
export async function annotate(
  captures: readonly string[],
  options: AnnotateCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) throw new CommandError('Specify the capture that gets the comments')
  refuseTerminal(options.output, io)
  const stop = new AbortController()
  // Before a file is created that an interrupt would leave behind.
  const forget = io.onInterrupt(() => {
    stop.abort()
  })
  const { output, lua, filters } = options
  const outputs: Output[] = []
  try {
    for (const file of [output ?? '-', ...[lua, filters].filter((name) => name !== undefined)])
      outputs.push(await openOutput(file, io))
    const status = await write(captures, options, outputs, io, dependencies, stop.signal)
    for (const each of outputs) await (status === null ? each.discard() : each.finish())
    return status ?? Status.Failed
  } catch (error) {
    for (const each of outputs) await each.discard()
    throw error
  } finally {
    forget()
  }
}

/** `null` if no capture could be read. `outputs`: the capture, then what else was asked for. */
async function write(
  captures: readonly string[],
  options: AnnotateCommandOptions,
  [output, ...more]: readonly Output[],
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<Status | null> {
  let plan: Copying['plan']
  const reading = await analyzeWhole(captures, options, io, dependencies, signal, {
    check: async (input, known) => {
      refuseStream(input)
      plan = known
      await refuseOverwrite(input.path, options.lua)
      await refuseOverwrite(input.path, options.filters)
    },
  })
  refuseInterrupted(signal)
  if (!reading) return null
  const { analysis } = reading
  const sessions = sessionsOf(analysis, options)
  const notes = frameNotes(analysis, sessions)
  const annotator = new Annotator(notes)
  const frames = await copyCaptures(annotator, output!, { captures, plan, dependencies, signal })
  checkUnchanged(frames, analysis.capture.frames)
  const texts = [
    options.lua === undefined ? null : luaDissector(notes),
    options.filters === undefined ? null : displayFilters(analysis, sessions),
  ]
  for (const [index, text] of texts.filter((each) => each !== null).entries()) await more[index]!.write(text)
  if (!options.quiet) printError(io, `Comments on ${annotator.frames} of ${plural(frames, 'frame')}`)
  const { unwrittenFrames: left } = annotator
  if (left.length > 0)
    printError(io, `${plural(left.length, 'frame')} cannot have a comment in this file, the first is ${left[0]}`)
  return reading.allRead ? Status.Done : Status.Failed
}

function sessionsOf(analysis: Analysis, { session }: AnnotateCommandOptions): SessionReport[] {
  const selection = new SessionSelection(session)
  const sessions = analysis.sessions.filter((each) => selection.takes(each))
  if (selection.missing.length > 0)
    throw new CommandError(
      `${selection.notFound}: the capture contains ${plural(analysis.summary.sessions, 'session')}`,
    )
  return sessions
}
