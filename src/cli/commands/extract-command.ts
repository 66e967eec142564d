import { tmpdir } from 'node:os'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { arranged } from '../../report/choose/arranged.js'
import { matcher } from '../../report/choose/matchers.js'
import { where } from '../../report/choose/where.js'
import type { Analysis, SessionReport } from '../../report/contract.js'
import { EXTRACT_SCHEMA, type ExtractedFile, type ExtractReport } from '../../report/extract/contract.js'
import { extractJson } from '../../report/extract/json.js'
import { extractText } from '../../report/extract/text.js'
import { JoinedSessions } from '../../report/place/joined-sessions.js'
import { plural } from '../../report/text/units.js'
import { UTC } from '../../report/time-zone.js'
import { TOOL } from '../../report/version.js'
import { describeFile, placeOf } from '../../slice/files/extracted-file.js'
import { type FileParts, joinParts } from '../../slice/files/joined-parts.js'
import { StoredNames } from '../../slice/files/stored-names.js'
import { bestOfPlaces, type Transferred, transferredBy } from '../../slice/files/transferred.js'
import type { Dependencies } from '../dependencies.js'
import { CommandError } from '../errors.js'
import { type Composed, Composer } from '../extract/composer.js'
import { Spool, type SpooledStream } from '../extract/spool.js'
import { SpooledContents } from '../extract/spooled-contents.js'
import { MANIFEST, TargetFolder } from '../extract/target-folder.js'
import { analyzeOptions, type ExtractCommandOptions } from '../options.js'
import { standardOutput } from '../output/standard-output.js'
import { writeAll } from '../output/write-all.js'
import { writeFiles } from '../output/write-files.js'
import type { ProcessIo } from '../process-io.js'
import { Status } from '../status.js'
import { styleFor, wantsColor } from '../terminal/color.js'
import { widthOf } from '../terminal/width.js'
import { analyzeWhole } from './analyze-whole.js'
import { SessionSelection } from './session-selection.js'

type File = FileParts<SpooledStream>

/** `ftpscope extract CAPTURE… -o DIR`: the files that were transferred. */
export async function extract(
  captures: readonly string[],
  options: ExtractCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
): Promise<Status> {
  const { output, hashOnly, format } = options
  if (captures.length === 0) throw new CommandError('Specify the capture whose files are extracted')
  if (format !== 'text' && format !== 'json')
    throw new CommandError(`--format ${format} is not available for extract; use text or json`)
  if (!hashOnly && (output === undefined || output === '-'))
    throw new CommandError('Name the directory for the files with -o, or use --hash-only')
  if (hashOnly && output !== undefined) throw new CommandError('--hash-only writes no files: leave out -o')
  // What is printed comes last, when all files are in place.
  return writeFiles([], io, (_, signal) => extractInto(captures, options, io, dependencies, signal))
}

/** `null` if no capture could be read. */
async function extractInto(
  captures: readonly string[],
  options: ExtractCommandOptions,
  io: ProcessIo,
  dependencies: Dependencies,
  signal: AbortSignal,
): Promise<Status | null> {
  const target = options.hashOnly ? null : new TargetFolder(options.output!)
  const { maxBytes = Infinity } = options
  let spool: Spool | null = null
  let isDone = false
  try {
    spool = new Spool(target?.path ?? tmpdir(), { maxBytes })
    const contents = new SpooledContents(spool)
    const { output: _, ...others } = options
    const input = await analyzeWhole(captures, others, io, dependencies, signal, { hooks: hooksOf(contents, options) })
    if (signal.aborted) throw new CommandError('Interrupted: nothing was extracted')
    if (!input) return null
    const report = await extracted(input.analysis, contents, options, { spool, target, signal })
    isDone = true
    await print(report, options, io)
    return input.allRead ? Status.Done : Status.Failed
  } finally {
    spool?.remove()
    if (!isDone) target?.undo()
  }
}

/** Sessions that were not chosen need no room until the end; those of several places are chosen at the end. */
function hooksOf(contents: SpooledContents, options: ExtractCommandOptions) {
  const { where: expression } = analyzeOptions(options)
  const chooses = expression === undefined ? () => true : where(expression, options.tz ?? UTC)
  const judged = (_: unknown, report: SessionReport): void => {
    if (!chooses(report)) contents.forget(report.firstFrame)
  }
  return { content: contents.content, ended: contents.ended, judged }
}

interface Work {
  spool: Spool
  target: TargetFolder | null
  signal: AbortSignal
}

async function extracted(
  analysis: Analysis,
  contents: SpooledContents,
  options: ExtractCommandOptions,
  { spool, target, signal }: Work,
): Promise<ExtractReport> {
  const { maxBytes = Infinity, maxTotal = Infinity, asciiTo } = options
  const { transferred, withoutData } = chosenTransfers(analysis, contents, options)
  const toLocal = asciiTo === 'local'
  const composer = new Composer(spool, { maxBytes, maxTotal, toLocal, stores: target !== null, signal })
  const files = await joinParts(transferred, (earlier, from, later) =>
    composer.haveSameBytes(earlier.channel.content!, from, later.channel.content!),
  )
  const composed: { file: File; made: Composed | null }[] = []
  for (const file of files) composed.push({ file, made: isReadable(file) ? await composer.compose(file) : null })
  const names = new StoredNames()
  const entries = composed.map(({ file, made }) => {
    const place = placeOf(file.parts[0].transferred)
    const temporary = made?.temporary ?? null
    const isStored = target !== null && temporary !== null
    return entryOf(file, made, isStored ? target.store(temporary, names, place.folders, place.path) : null)
  })
  const report: ExtractReport = { schema: EXTRACT_SCHEMA, tool: TOOL, files: entries, withoutData }
  if (target) {
    const manifest = join(spool.folder, MANIFEST)
    writeFileSync(manifest, extractJson(report))
    target.storeManifest(manifest)
  }
  return report
}

function isReadable({ parts: [first] }: File): boolean {
  return first.transferred.channel.undecrypted !== 'all'
}

/** Transfers of the chosen sessions, of those that several places saw each once. */
function chosenTransfers(
  analysis: Analysis,
  contents: SpooledContents,
  options: ExtractCommandOptions,
): { transferred: Transferred<SpooledStream>[]; withoutData: number } {
  const { session: ids, sort, limit, file } = options
  const selection = new SessionSelection(ids)
  const arrangement = { ...(sort !== undefined && { sort }), ...(limit !== undefined && { limit }) }
  const joined = new JoinedSessions(arranged(analysis, arrangement))
  const rows = joined.rows.filter((row) => selection.takes(row, joined.idsOf(row)))
  if (selection.missing.length > 0)
    throw new CommandError(
      `${selection.notFound}: the capture contains ${plural(analysis.summary.sessions, 'session')}`,
    )
  let without = 0
  const all = rows.flatMap((row) => {
    const places = joined.idsOf(row).map((id) => {
      const seen = (id === row.id ? row : joined.sessionOf(id)) ?? row
      const { transferred, withoutData } = transferredBy(seen, contents.sessions.get(seen.firstFrame) ?? NOTHING)
      return { transferred, withoutData }
    })
    without += Math.min(...places.map(({ withoutData }) => withoutData))
    return bestOfPlaces(places.map(({ transferred }) => transferred))
  })
  return { transferred: file ? all.filter(ofFiles(file)) : all, withoutData: without }
}

const NOTHING = { firstFrame: 0, channels: [] }

/** With `--file`, only these files. */
function ofFiles(globs: readonly string[]): (transferred: Transferred) => boolean {
  const matchers = globs.map((glob) => matcher('file', '=', glob, UTC)).filter((each) => typeof each !== 'string')
  return ({ transfer, path }) =>
    [path, transfer?.path ?? null].some((name) => name !== null && matchers.some((matches) => matches(name)))
}

function entryOf(file: File, made: Composed | null, stored: string | null): ExtractedFile {
  const described = describeFile(file)
  const { because } = described
  let { completeness } = described
  if (made && completeness === 'complete' && (made.gaps.length > 0 || made.leftOut > 0)) completeness = 'partial'
  const notes = [
    ...(made && made.leftOut > 0 && !because.some((each) => each.endsWith('left out'))
      ? [`${plural(made.leftOut, 'byte')} left out`]
      : []),
    ...[made?.problem ?? []].flat(),
    ...(described.mode === 'block' || described.mode === 'compressed'
      ? [`stored as sent: MODE ${described.mode === 'block' ? 'B' : 'C'} is not decoded`]
      : []),
  ]
  return {
    ...described,
    stored,
    content: made?.content ?? null,
    ...(made?.converted && { converted: made.converted }),
    ...(made?.asSent && { asSent: made.asSent }),
    completeness,
    because: [...because, ...notes],
    gaps: made?.gaps ?? [],
    ...(made && made.leftOut > 0 && { leftOut: made.leftOut }),
  }
}

async function print(report: ExtractReport, { format, color }: ExtractCommandOptions, io: ProcessIo): Promise<void> {
  const output = standardOutput(io)
  if (format === 'json') {
    await output.write(extractJson(report))
    return
  }
  const style = styleFor(wantsColor(io, color))
  const width = widthOf(io.stdout)
  await writeAll(output, withLineEnds(extractText(report, { width, style })))
}

function* withLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line.trimEnd()}\n`
}
