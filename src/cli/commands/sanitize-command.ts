import type { Analysis, SessionReport } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { controlPortsOf } from '../../options.js'
import { addRoles, type Roles } from '../../slice/sanitize/roles.js'
import { type SanitizeCounts, Sanitizer } from '../../slice/sanitize/sanitizer.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError, printError } from '../errors.js'
import { sanitizeKey } from '../input/sanitize-key.js'
import { analyzeOptions, type SanitizeCommandOptions } from '../options.js'
import type { Output } from '../output/output.js'
import { refuseOverwrite } from '../output/refuse-overwrite.js'
import { writeFiles } from '../output/write-files.js'
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

/** `ftpscope sanitize CAPTURE… -o FILE`: a copy that tells no secret and is judged alike. */
export async function sanitize(
  captures: readonly string[],
  options: SanitizeCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  if (captures.length === 0) throw new CommandError('Specify the capture to be copied')
  refuseTerminal(options.output, io)
  const key = await sanitizeKey(options)
  if (options.key !== undefined) await refuseOverwrite(options.key, options.output)
  const isFile = options.output !== undefined && options.output !== '-'
  const files = isFile && !options.quiet ? [options.output, undefined] : [options.output]
  return writeFiles(files, io, ([output, summary], signal) =>
    write({ captures, options, io, dependencies, signal, key }, output!, summary),
  )
}

interface Task {
  captures: readonly string[]
  options: SanitizeCommandOptions
  io: ProcessIo
  dependencies: Dependencies
  signal: AbortSignal
  key: Uint8Array
}

/** `null` if no capture could be read. */
async function write(
  { captures, options, io, dependencies, signal, key }: Task,
  output: Output,
  summary: Output | undefined,
): Promise<Status | null> {
  const roles: Roles = new Map()
  let plan: Copying['plan']
  const reading = await analyzeWhole(captures, options, io, dependencies, signal, {
    hooks: {
      judged: (session) => {
        addRoles(roles, session)
      },
    },
    check(input, known) {
      refuseStream(input)
      plan = known
      if (known && known.places.length > 1)
        throw new CommandError(
          `The captures are of ${known.places.length} places: copy those of each place, with the same --key`,
        )
    },
  })
  refuseInterrupted(signal)
  if (!reading) return null
  const { analysis } = reading
  const { keepCertificates = false, ftpOnly = false } = options
  const sanitizer = new Sanitizer(roles, {
    key,
    keepCertificates,
    ftpOnly,
    ports: controlPortsOf(analyzeOptions(options)),
    comment: commentOf(options, dependencies.version),
  })
  const check = await dependencies.createAnalyzer(analyzeOptions(options))
  check.openFile(options.output ?? '-')
  const copying = { captures, plan, dependencies, signal, also: check.push.bind(check) }
  await copyCaptures(sanitizer.collect, null, copying)
  sanitizer.beginCopy()
  checkUnchanged(await copyCaptures(sanitizer, output, copying), analysis.capture.frames)
  check.closeFile(null)
  await summary?.write(summaryOf(sanitizer.counts, options))
  tellDifferences(analysis, check.end(), io)
  return reading.allRead ? Status.Done : Status.Failed
}

/** For the section header: what a reader of the copy has to know. */
function commentOf({ keepCertificates, ftpOnly }: SanitizeCommandOptions, version: string): string {
  return [
    `Sanitized by ftpscope ${version}.`,
    'IP addresses are mapped prefix by prefix, in headers and in texts; hardware addresses are replaced.',
    'Names, passwords, paths and host names are replaced by stand-ins of equal length, the contents of files by x,',
    'other traffic by zeros. Comments, names of interfaces and keys are left out.',
    keepCertificates ? 'Certificates are original.' : 'Names and keys in certificates are replaced.',
    ...(ftpOnly ? ['Frames that belong to no FTP session are left out.'] : []),
    'Times, lengths, ports, sequence numbers and encrypted contents are original.',
  ].join(' ')
}

function summaryOf(counts: SanitizeCounts, { key, keyEnv }: SanitizeCommandOptions): string {
  const { frames, leftOut, unknownLinks, unread, fragments, blocks, unheld } = counts
  const lines = [
    `${plural(frames - leftOut, 'frame')} of ${frames} copied`,
    key === undefined && keyEnv === undefined
      ? 'The key was random and is not kept: another copy has other addresses'
      : '',
    unread > 0 ? `${plural(unread, 'frame')} of other protocols: headers kept, contents zero` : '',
    unknownLinks > 0 ? `${plural(unknownLinks, 'frame')} of a link type that is not read: all zeros` : '',
    fragments > 0 ? `${plural(fragments, 'frame')} with fragments of incomplete datagrams: contents zero` : '',
    blocks > 0 ? `${plural(blocks, 'block')} left out: secrets, or of unknown types` : '',
    unheld > 0 ? `${plural(unheld, 'byte')} of long dialogues and listings replaced like the contents of files` : '',
  ]
  return lines
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('')
}

/** The copy is of use only if it is judged alike. */
function tellDifferences(analysis: Analysis, copy: Analysis, io: ProcessIo): void {
  for (const [index, session] of analysis.sessions.entries()) {
    const now = copy.sessions[index]
    if (now && wordsOf(now) === wordsOf(session)) continue
    const is = now ? `is ${wordsOf(now)} in the copy` : 'is not recognized in the copy'
    const why = session.decrypted ? ': the keys of its TLS are not passed on' : ''
    printError(io, `Session ${session.id} was ${wordsOf(session)} and ${is}${why}`)
  }
}

function wordsOf({ verdict: { outcome, cause } }: SessionReport): string {
  return cause === null ? outcome : `${outcome} (${cause})`
}
