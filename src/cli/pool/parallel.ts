import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type FileScan, type FileSeries, seriesOf } from '../../capture/file-series.js'
import type { Input } from '../../input/input.js'
import type { ProgressDisplay } from '../../input/read-inputs.js'
import type { AnalyzeOptions } from '../../options.js'
import type { Analysis } from '../../report/contract.js'
import type { SessionSink } from '../../report/session-sink.js'
import { AnalysisBuilder } from '../../report/summary/analysis-builder.js'
import { findSources, type Source } from '../input/find-sources.js'
import type { FileSource, FromWorker } from './messages.js'
import { PartQueue } from './part-queue.js'
import type { Pool } from './pool.js'

/** For less than this, a single thread would be done before the others have started. */
const LEAST_BYTES = 64e6

export interface ParallelReading {
  /** Number of threads; `null`: as many as are useful. */
  jobs: number | null
  /** The script that a thread runs. */
  script: URL
  options: AnalyzeOptions
  /** Takes the sessions as they end. */
  sink: SessionSink
  /** Nothing else keeps the sessions, so threads that are ahead of what can be passed on are held back. */
  bounded: boolean
  tell: (message: string, wasRead: boolean) => void
  progress: ProgressDisplay | null
  signal: AbortSignal
  /** Called with each file before any is read; throws to end everything. */
  check: (file: { path: string }) => Promise<void>
  /** Called after sessions were passed on, before the next ones. */
  afterSessions: () => Promise<void>
}

/**
 * Analyzes files that overlap in time in threads, one series of files each. `null` if that would not help: nothing was
 * done then, and one thread has to read the files one by one. The result is the same either way.
 */
export async function analyzeInParallel(
  captures: readonly string[],
  reading: ParallelReading,
): Promise<{ read: number; analysis: Analysis } | null> {
  const size = reading.jobs ?? availableParallelism()
  if (size < 2 || captures.includes('-') || !(await mayBeSeveral(captures))) return null
  const problems: Error[] = []
  const files = await filesOf(captures, problems)
  if (!files || (reading.jobs === null && totalSize(files) < LEAST_BYTES)) return null
  // Loaded on demand, as most runs need one thread.
  const { Pool } = await import('./pool.js')
  const pool = new Pool(reading.script, Math.min(size, files.length))
  try {
    const all = await findSeries(pool, files, reading.jobs !== null)
    if (!all || reading.signal.aborted) return null
    for (const file of files) await reading.check(file)
    for (const problem of problems) reading.tell(problem.message, false)
    return await analyzeSeries(pool, all, files, reading)
  } finally {
    await pool.close()
  }
}

async function mayBeSeveral(captures: readonly string[]): Promise<boolean> {
  if (captures.length > 1) return true
  const stats = await stat(captures[0]!).catch(() => null)
  return stats?.isDirectory() ?? false
}

/** The files in the order in which they are read; `null` if one is a pipe, or if there is only one. */
async function filesOf(captures: readonly string[], problems: Error[]): Promise<(Source & FileSource)[] | null> {
  const sources = await findSources(captures, (problem) => problems.push(problem))
  const files = sources.filter((source): source is Source & FileSource => source.size !== null)
  return files.length === sources.length && files.length > 1 ? files : null
}

/** The series that the files form; `null` for fewer than two. */
async function findSeries(
  pool: Pool,
  files: readonly (Source & FileSource)[],
  thorough: boolean,
): Promise<FileSeries[] | null> {
  // Most directories contain one rotated capture, whose second file already shows that it follows the first.
  if (!thorough && !(await firstTwoOverlap(pool, files))) return null
  const scans = await Promise.all(files.map((file) => scanFile(pool, file)))
  if (scans.some((scan) => scan === null)) return null
  const all = seriesOf(scans as FileScan[])
  return all.length > 1 ? all : null
}

async function firstTwoOverlap(pool: Pool, [first, second]: readonly (Source & FileSource)[]): Promise<boolean> {
  const scan = await scanFile(pool, first!)
  if (!scan || !second?.firstTime) return false
  return seriesOf([scan, { ...scan, epoch: second.firstTime }]).length > 1
}

/** `null` for a file that cannot be read; the next reader reports why. */
async function scanFile(pool: Pool, { path, size }: FileSource): Promise<FileScan | null> {
  let scan: FileScan | null = null
  const hear = (message: FromWorker): boolean => {
    if (message.kind === 'scanned') scan = message.scan
    return message.kind === 'scanned' || message.kind === 'unreadable'
  }
  await pool.run({ kind: 'scan', file: { path, size } }, hear)
  return scan
}

async function analyzeSeries(
  pool: Pool,
  all: readonly FileSeries[],
  files: readonly FileSource[],
  reading: ParallelReading,
): Promise<{ read: number; analysis: Analysis }> {
  const { options, bounded } = reading
  const stop = (): void => {
    pool.stop()
  }
  reading.signal.addEventListener('abort', stop)
  const shown = progressInput(files)
  reading.progress?.start(shown)
  const sizes = new Map(files.map(({ path, size }) => [path, size]))
  const queues = all.map((series) => {
    const queue = new PartQueue(bounded)
    const sources = series.paths.map((path) => ({ path, size: sizes.get(path)! }))
    const done = pool.run({ kind: 'analyze', files: sources, series, options }, (message, taken) => {
      if (message.kind === 'progress') {
        shown.bytesRead += message.bytes
        reading.progress?.update()
        return false
      }
      return queue.hear(message, taken)
    })
    done.catch((error: unknown) => {
      queue.fail(error)
    })
    return queue
  })
  const builder = new AnalysisBuilder(reading.sink, options)
  let read = 0
  for (const queue of queues) {
    for await (const item of queue.items()) {
      if (item.kind === 'told') {
        reading.progress?.clear()
        reading.tell(item.message, item.wasRead)
      } else if (item.kind === 'sessions') {
        for (const session of item.sessions) builder.session(session)
        await reading.afterSessions()
      } else {
        builder.part(item.part)
        read += item.read
      }
    }
  }
  reading.signal.removeEventListener('abort', stop)
  reading.progress?.clear()
  return { read, analysis: builder.finish() }
}

function progressInput(files: readonly FileSource[]): Input {
  const path = `${files.length} files`
  return { path, compression: null, size: totalSize(files), bytesRead: 0, chunks: nothing(), failure: null }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  yield* []
}

function totalSize(files: readonly FileSource[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
