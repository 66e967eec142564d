import { type FileScan, overlaps, seriesOf } from '../capture/file-series.js'
import type { InputPlan } from '../capture/input-plan.js'
import { type Epoch, nanosecondsBetween } from '../capture/time.js'
import { fileName } from '../paths/files/file-name.js'
import { byPlace, type ScannedFile } from '../paths/files/places-of-files.js'

/** To read more than this twice takes longer than what it might show of files whose names already say it. */
const WORTH_READING_TWICE = 2e9

/** Bytes of captures whose sessions are held and compared although no two files have packets in common. */
const HELD_WITHOUT_REASON = 64e6

/** What is known of a file before it is read. */
interface Unread {
  path: string
  /** `null` for what cannot be read twice. */
  size: number | null
  firstTime: Epoch | null
}

/** Scans a file; `null` if it cannot be read. */
export type Scanner<Source> = (source: Source) => Promise<ScannedFile | null>

/**
 * Which files are of which place, by what is in them; given in the order of time. `undefined` if their times show it
 * while they are read, and no two have packets in common, so that there is nothing to join and nothing to hold; or if
 * that was not read: of a single file, one that cannot be read or can be read only once, or many rotated files of one
 * capture.
 */
export async function planInput<Source extends Unread>(
  sources: readonly Source[],
  scan: Scanner<Source>,
): Promise<InputPlan | undefined> {
  if (sources.length < 2 || sources.some(({ size }) => size === null)) return undefined
  if (await isRotated(sources, scan)) return undefined
  const scans: ScannedFile[] = []
  for (const source of sources) {
    const scanned = await scan(source)
    if (!scanned) return undefined
    scans.push(scanned)
  }
  const { paths, haveCommon } = byPlace(scans)
  // What boxes have changed beyond recognition here may be recognized once all of it is known: held if that is little.
  const isLittle = sizeOf(sources) <= HELD_WITHOUT_REASON
  return isLittle || haveCommon || !isByTime(paths, scans) ? { places: paths } : undefined
}

/** Whether the times of the files alone give the same places. */
function isByTime(places: readonly (readonly string[])[], scans: readonly FileScan[]): boolean {
  const series = seriesOf(scans).map(({ paths }) => paths)
  const isSame = (paths: readonly string[], at: number): boolean =>
    paths.length === places[at]?.length && paths.every((path, index) => path === places[at]![index])
  return series.length === places.length && series.every(isSame)
}

/** Sources in the order of the plan, followed by those that it does not have; without a plan as they are. */
export function inOrderOf<Source extends { path: string }>(
  plan: InputPlan | undefined,
  sources: readonly Source[],
): readonly Source[] {
  if (!plan) return sources
  const ranks = new Map(plan.places.flat().map((path, index) => [path, index]))
  const rank = ({ path }: Source): number => ranks.get(path) ?? ranks.size
  return sources.toSorted((a, b) => rank(a) - rank(b))
}

function sizeOf(sources: readonly Unread[]): number {
  return sources.reduce((sum, { size }) => sum + (size ?? 0), 0)
}

/** Whether large files have names as of one capture, and the second follows the first. */
async function isRotated<Source extends Unread>(sources: readonly Source[], scan: Scanner<Source>): Promise<boolean> {
  if (sizeOf(sources) <= WORTH_READING_TWICE) return false
  const [first, second] = [sources[0]!, sources[1]!]
  const { pattern } = fileName(first.path)
  if (sources.some(({ path }) => fileName(path).pattern !== pattern)) return false
  const scanned = await scan(first)
  if (!scanned?.epoch || !second.firstTime) return false
  return !overlaps(nanosecondsBetween(scanned.epoch, second.firstTime), scanned.end ?? 0)
}
