import { overlaps } from '../capture/file-series.js'
import { type Epoch, nanosecondsBetween } from '../capture/time.js'
import { fileName } from '../paths/files/file-name.js'
import { byPlace, type ScannedFile } from '../paths/files/places-of-files.js'

/** To read more than this twice takes longer than what it might show of files whose names already say it. */
const WORTH_READING_TWICE = 2e9

/** What is known of a file before it is read. */
interface Unread {
  path: string
  /** `null` for what cannot be read twice. */
  size: number | null
  firstTime: Epoch | null
}

/** A source of which it is known whether it was captured at another place than those before it. */
export type Placed<Source> = Source & { beginsPlace?: boolean }

/** Scans files; `null` for one that cannot be read. */
export type Scanner<Source> = (sources: readonly Source[]) => Promise<(ScannedFile | null)[]>

/**
 * Sources, given in the order of time, place by place, by what is in them; in the order of time if that is not known:
 * then overlaps separate the places while they are read.
 */
export async function inOrderOfPlaces<Source extends Unread>(
  sources: readonly Source[],
  scan: Scanner<Source>,
): Promise<Placed<Source>[]> {
  const scans = await scansByPlace(sources, scan)
  return scans ? scans.map(({ source, beginsPlace = false }) => ({ ...source, beginsPlace })) : [...sources]
}

/**
 * What was read of the sources, place by place. `null` if it was not read: a single source, one that cannot be read or
 * can be read only once, or many rotated files of one capture.
 */
export async function scansByPlace<Source extends Unread>(
  sources: readonly Source[],
  scan: Scanner<Source>,
): Promise<(ScannedFile & { source: Source })[] | null> {
  if (sources.length < 2 || sources.some(({ size }) => size === null)) return null
  if (await isRotated(sources, scan)) return null
  const scans = await scan(sources)
  const known = scans.flatMap((each, at) => (each ? [{ ...each, source: sources[at]! }] : []))
  return known.length === sources.length ? byPlace(known) : null
}

/** Whether large files have names as of one capture, and the second follows the first. */
async function isRotated<Source extends Unread>(sources: readonly Source[], scan: Scanner<Source>): Promise<boolean> {
  if (sources.reduce((sum, { size }) => sum + (size ?? 0), 0) <= WORTH_READING_TWICE) return false
  const [first, second] = [sources[0]!, sources[1]!]
  const { pattern } = fileName(first.path)
  if (sources.some(({ path }) => fileName(path).pattern !== pattern)) return false
  const [scanned] = await scan([first])
  if (!scanned?.epoch || !second.firstTime) return false
  return !overlaps(nanosecondsBetween(scanned.epoch, second.firstTime), scanned.end ?? 0)
}
