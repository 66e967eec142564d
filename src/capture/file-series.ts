import { type Epoch, SECOND_NS } from './time.js'

/** Rotated files meet within this; one that begins earlier than that before the end of another was captured beside it. */
const OVERLAP_NS = SECOND_NS

/** Whether a file whose first frame has this time saw the same time as those before it, the latest frame of which has the other. */
export function overlaps(first: number, latest: number): boolean {
  return first <= latest - OVERLAP_NS
}

/** Where a reader goes on that reads only the later files of an input. */
export interface InputBefore {
  /** Time of the input's first frame; `null` while there was none. */
  epoch: Epoch | null
  frames: number
  /** Digits of the finest clock. */
  timestampDigits: number
  /** The last file; `end` in nanoseconds since the epoch. */
  previous: { path: string; end: number | null } | null
}

/** What a look at all records of one file tells. */
export interface FileScan {
  path: string
  frames: number
  /** Time of the first frame. */
  epoch: Epoch | null
  /** Latest frame, in nanoseconds since `epoch`. */
  end: number | null
  timestampDigits: number
  /** False for what turned out to be no capture. */
  isCapture: boolean
}

/** Files that follow each other in time: one capture, which can be analysed without those before it. */
export interface FileSeries {
  paths: string[]
  frames: number
  before: InputBefore
}

/** Cuts the files of an input, in the order in which they are read, where one overlaps those before it. */
export function seriesOf(scans: readonly FileScan[]): FileSeries[] {
  const epoch = scans.find((scan) => scan.epoch)?.epoch ?? null
  let before: InputBefore = { epoch: null, frames: 0, timestampDigits: 0, previous: null }
  let latest = -Infinity
  let series: FileSeries = { paths: [], frames: 0, before }
  const all = [series]
  for (const scan of scans) {
    const first = epoch && scan.epoch ? nanosecondsBetween(epoch, scan.epoch) : null
    if (first !== null && overlaps(first, latest)) {
      series = { paths: [], frames: 0, before }
      all.push(series)
    }
    series.paths.push(scan.path)
    series.frames += scan.frames
    before = { ...before, epoch: before.epoch ?? scan.epoch, frames: before.frames + scan.frames }
    if (!scan.isCapture) continue
    const end = first === null || scan.end === null ? null : first + scan.end
    if (end !== null && end > latest) latest = end
    before.timestampDigits = Math.max(before.timestampDigits, scan.timestampDigits)
    before.previous = { path: scan.path, end }
  }
  return all
}

function nanosecondsBetween(a: Epoch, b: Epoch): number {
  return (b.seconds - a.seconds) * SECOND_NS + (b.nanoseconds - a.nanoseconds)
}
