import type { CaptureSecrets } from './capture-file.js'
import { type Epoch, nanosecondsBetween, SECOND_NS } from './time.js'

/** Rotated files overlap by less than this; a file that begins earlier was captured in parallel. */
const OVERLAP_NS = SECOND_NS

/** Whether a file covers the same time as those before it: `first` is its first frame, `latest` their latest one. */
export function overlaps(first: number, latest: number): boolean {
  return first <= latest - OVERLAP_NS
}

/** Where a reader starts when it reads only the later files of an input. */
export interface InputBefore {
  /** Time of the input's first frame; `null` while there is none. */
  epoch: Epoch | null
  frames: number
  /** Digits of the finest timestamps. */
  timestampDigits: number
  /** The last file; `end` in nanoseconds since the epoch. */
  previous: { path: string; end: number | null } | null
  /** Secrets in the files before. */
  secrets?: readonly CaptureSecrets[]
}

/** Summary of all records in one file. */
export interface FileScan {
  path: string
  frames: number
  /** Time of the first frame. */
  epoch: Epoch | null
  /** Latest frame, in nanoseconds since `epoch`. */
  end: number | null
  timestampDigits: number
  /** False for a file that turned out not to be a capture. */
  isCapture: boolean
  secrets?: readonly CaptureSecrets[]
}

/** Consecutive files: one capture, which can be analyzed without the files before it. */
export interface FileSeries {
  paths: string[]
  frames: number
  before: InputBefore
}

/** Splits the files of an input, in the order in which they are read, wherever one overlaps the files before it. */
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
    if (scan.secrets?.length) before.secrets = [...(before.secrets ?? []), ...scan.secrets]
    if (!scan.isCapture) continue
    const end = first === null || scan.end === null ? null : first + scan.end
    if (end !== null && end > latest) latest = end
    before.timestampDigits = Math.max(before.timestampDigits, scan.timestampDigits)
    before.previous = { path: scan.path, end }
  }
  return all
}
