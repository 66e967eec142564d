import { type FileScan, overlaps } from '../../capture/file-series.js'
import { nanosecondsBetween, SECOND_NS } from '../../capture/time.js'
import { type FileName, fileName } from './file-name.js'
import type { Fingerprint } from './fingerprint.js'
import { SharedPackets } from './shared-packets.js'

/** Least time that files of two places have in common, where that is half of the shorter one. */
const PARALLEL_NS = SECOND_NS / 10

/** What is known of a file once it was read without being analyzed. */
export interface ScannedFile extends FileScan {
  fingerprint: Fingerprint
  /** LINKTYPE_ values, in the order of first appearance. */
  linkTypes: readonly number[]
}

/** A file with its times in nanoseconds since the first frame of all files. */
interface TimedFile {
  index: number
  start: number
  end: number
  name: FileName
  /** What rotated files have in common besides their place. */
  series: string
}

/** The files of an input, put to their places. */
export interface FilesByPlace {
  /** By place, in the order of time. */
  paths: string[][]
  /** Some of the files have packets in common. */
  haveCommon: boolean
}

/** Files of one place, in the order of time. */
type Place = TimedFile[]

/**
 * The paths of the files of each place, in the order of time, in which they are given. Files that follow each other are
 * one capture, rotated, unless both have the same packets, or they overlap in time: then they are of different places,
 * whatever the clocks of these show. Names, link types and pauses decide only what these leave open.
 */
export function byPlace(scans: readonly ScannedFile[]): FilesByPlace {
  const epoch = scans.find((scan) => scan.epoch)?.epoch ?? null
  const timed: TimedFile[] = []
  scans.forEach((scan, index) => {
    if (!epoch || !scan.epoch) return
    const start = nanosecondsBetween(epoch, scan.epoch)
    const name = fileName(scan.path)
    const series = `${name.pattern} ${scan.linkTypes.join(' ')}`
    timed.push({ index, start, end: start + (scan.end ?? 0), name, series })
  })
  const shared = new SharedPackets(scans.map(({ fingerprint }) => fingerprint))
  const places = placesOf(timed, shared)
  const indexes = places.map((place) => place.map(({ index }) => index))
  // Files without a frame stay after the file that they follow.
  scans.forEach((scan, index) => {
    if (scan.epoch) return
    const place = indexes.find((each) => each.includes(index - 1)) ?? indexes[0]
    if (place) place.splice(place.indexOf(index - 1) + 1, 0, index)
    else indexes.push([index])
  })
  const paths = indexes.map((place) => place.map((index) => scans[index]!.path))
  return { paths, haveCommon: shared.any }
}

function placesOf(files: readonly TimedFile[], shared: SharedPackets): Place[] {
  const mayFollow = (place: Place, file: TimedFile): boolean =>
    place.every((each) => mayBeOneCapture(each, file, shared))
  // First what is named alike: of two hosts whose files have names of their own, one shared packet separates all files.
  const chains: Place[] = []
  for (const file of files) {
    const own = chains.filter((chain) => chain[0]!.series === file.series && mayFollow(chain, file))
    add(nearest(own, file), file, chains)
  }
  const places: Place[] = []
  for (const chain of chains) {
    const possible = places.filter((place) => chain.every((file) => mayFollow(place, file)))
    const place = nearest(possible, chain[0]!)
    if (place) place.push(...chain)
    else places.push(chain)
    place?.sort((a, b) => a.start - b.start || a.index - b.index)
  }
  exchange(places, mayFollow)
  const filled = places.filter(({ length }) => length > 0)
  return filled.sort((a, b) => a[0]!.index - b[0]!.index)
}

function add(place: Place | null, file: TimedFile, places: Place[]): void {
  if (place) place.push(file)
  else places.push([file])
}

function mayBeOneCapture(a: TimedFile, b: TimedFile, shared: SharedPackets): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a]
  return !overlaps(second.start, first.end) && !isParallel(first, second) && !shared.has(a.index, b.index)
}

/** Whether files too short to overlap by a second cover the same time: packets out of order at a rotation take less. */
function isParallel(first: TimedFile, second: TimedFile): boolean {
  const common = Math.min(first.end, second.end) - second.start
  const shorter = Math.min(first.end - first.start, second.end - second.start)
  return common >= PARALLEL_NS && common >= shorter / 2
}

/** Of the places that a file may continue, the likeliest; `null` without one. */
function nearest(places: readonly Place[], file: TimedFile): Place | null {
  let best: Place | null = null
  for (const place of places) if (!best || isNearer(place, best, file)) best = place
  return best
}

/** Whether a file rather belongs to one place than to another: by its name, and then by the pause between. */
function isNearer(place: Place, other: Place, file: TimedFile): boolean {
  const [likeness, otherLikeness] = [likenessOf(place, file), likenessOf(other, file)]
  return likeness === otherLikeness ? pauseOf(place, file) < pauseOf(other, file) : likeness > otherLikeness
}

/** Numbers of the name that are the same, from the first on: that is of the host, and the last one of the file. */
function likenessOf(place: Place, file: TimedFile): number {
  let most = 0
  for (const other of place) {
    if (other === file || other.series !== file.series) continue
    const differing = file.name.numbers.findIndex((number, at) => number !== other.name.numbers[at])
    most = Math.max(most, 1 + Math.max(0, differing))
  }
  return most
}

/** Time between a file and the place's nearest one before or after it. */
function pauseOf(place: Place, file: TimedFile): number {
  const pauses = place
    .filter((other) => other !== file)
    .map((other) => (other.start <= file.start ? file.start - other.end : other.start - file.end))
  return Math.min(Infinity, ...pauses.map(Math.abs))
}

/** A file that was taken before its place was known may fit another one better. */
function exchange(places: Place[], mayFollow: (place: Place, file: TimedFile) => boolean): void {
  if (places.length < 2) return
  for (const place of [...places]) {
    for (const file of [...place]) {
      const better = places.filter((other) => other !== place && mayFollow(other, file) && isNearer(other, place, file))
      const best = nearest(better, file)
      if (!best) continue
      place.splice(place.indexOf(file), 1)
      best.push(file)
      best.sort((a, b) => a.start - b.start || a.index - b.index)
    }
  }
}
