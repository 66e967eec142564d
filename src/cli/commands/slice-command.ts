import type { Analysis, SessionReport } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { type SessionPackets, sessionPackets } from '../../slice/session-packets.js'
import { Slicer } from '../../slice/slicer.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError, printError } from '../errors.js'
import { withSecrets } from '../input/secret-files.js'
import type { SliceCommandOptions } from '../options.js'
import { openOutput } from '../output/open-output.js'
import type { Output } from '../output/output.js'
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

/** `ftpscope slice CAPTURE… --session N -o FILE`: the packets of some sessions. */
export async function slice(
  captures: readonly string[],
  options: SliceCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) throw new CommandError('Specify the capture whose sessions are cut out')
  refuseTerminal(options.output, io)
  const stop = new AbortController()
  // Before a file is created that an interrupt would leave behind.
  const forget = io.onInterrupt(() => {
    stop.abort()
  })
  const output = await openOutput(options.output, io)
  try {
    const status = await cutOut(captures, options, io, dependencies, stop.signal, output)
    await (status === null ? output.discard() : output.finish())
    return status ?? Status.Failed
  } catch (error) {
    await output.discard()
    throw error
  } finally {
    forget()
  }
}

/** `null` if no capture could be read. */
async function cutOut(
  captures: readonly string[],
  options: SliceCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
  output: Output,
): Promise<Status | null> {
  const found = new Map<number, SessionPackets>()
  let plan: Copying['plan']
  const reading = await analyzeWhole(captures, options, io, dependencies, signal, {
    hooks: { judged: (session, report) => found.set(report.firstFrame, sessionPackets(session)) },
    check(input, known) {
      refuseStream(input)
      plan = known
      if (known && known.places.length > 1)
        throw new CommandError(
          `The captures are of ${known.places.length} places: cut the session out of the captures of each place`,
        )
    },
  })
  refuseInterrupted(signal)
  if (!reading) return null
  const { analysis } = reading
  const chosen = chosenSessions(analysis, options)
  const { keyLog = [] } = await withSecrets(options)
  const slicer = new Slicer(
    chosen.map(({ firstFrame }) => found.get(firstFrame)!),
    { headersOnly: options.headersOnly ?? false, keyLogs: keyLog as Uint8Array[] },
  )
  const check = await dependencies.createAnalyzer(await withSecrets(options))
  check.openFile(options.output ?? '-')
  const copying = { captures, plan, dependencies, signal, also: check.push.bind(check) }
  await copyCaptures(slicer.findFragments, null, copying)
  slicer.beginCopy()
  checkUnchanged(await copyCaptures(slicer, output, copying), analysis.capture.frames)
  check.closeFile(null)
  if (!options.quiet) {
    const all = plural(analysis.capture.frames, 'frame')
    printError(io, `${slicer.frames} of ${all}, ${plural(chosen.length, 'session')}`)
    tellDifferences(chosen, check.end().sessions, io)
  }
  return reading.allRead ? Status.Done : Status.Failed
}

function chosenSessions(analysis: Analysis, { session }: SliceCommandOptions): SessionReport[] {
  const selection = new SessionSelection(session)
  const chosen = analysis.sessions.filter((each) => selection.takes(each))
  const contained = `the capture contains ${plural(analysis.summary.sessions, 'session')}`
  if (selection.missing.length > 0) throw new CommandError(`${selection.notFound}: ${contained}`)
  if (chosen.length === 0) throw new CommandError(`No session to cut out: ${contained}`)
  return chosen
}

/** A verdict may rest on other sessions and other traffic, which the slice does not have. */
function tellDifferences(chosen: readonly SessionReport[], alone: readonly SessionReport[], io: ProcessIo): void {
  const sliced = new Map(alone.map((session) => [keyOf(session), session]))
  for (const session of chosen) {
    const now = sliced.get(keyOf(session))
    if (now && wordsOf(now) === wordsOf(session)) continue
    const is = now ? `is ${wordsOf(now)} in the slice` : 'is not recognized in the slice'
    printError(io, `Session ${session.id} was ${wordsOf(session)} and ${is}: its verdict rests on other packets, too`)
  }
}

function keyOf({ client, server, start }: SessionReport): string {
  return [client.address, client.port, server.address, server.port, start].join(' ')
}

function wordsOf({ verdict: { outcome, cause } }: SessionReport): string {
  return cause === null ? outcome : `${outcome} (${cause})`
}
