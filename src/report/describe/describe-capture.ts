import type { Anomaly } from '../../bytes/anomaly.js'
import type { CaptureFile } from '../../capture/capture-file.js'
import type { Clock } from '../../capture/time.js'
import type { CaptureFileReport, CaptureReport } from '../contract.js'

/** The whole input as it was read. */
export function describeCapture(
  files: readonly CaptureFile[],
  frames: number,
  anomalies: readonly Anomaly[],
  clock: Clock | null,
): CaptureReport {
  const starts = files.flatMap((file) => (file.start === null ? [] : [file.start]))
  const ends = files.flatMap((file) => (file.end === null ? [] : [file.end]))
  const start = starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : null
  const end = ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : null
  return {
    files: files.map((file) => describeFile(file, clock)),
    frames,
    start: clock && start !== null ? clock.iso(start) : null,
    end: clock && end !== null ? clock.iso(end) : null,
    durationMs: start === null || end === null ? null : Math.round((end - start) / 1e3) / 1e3,
    anomalies: anomalies.map((anomaly) => ({ ...anomaly })),
  }
}

function describeFile(file: CaptureFile, clock: Clock | null): CaptureFileReport {
  const time = (at: number | null) => (clock && at !== null ? clock.iso(at) : null)
  return {
    path: file.path,
    format: file.format,
    compression: file.compression,
    linkTypes: [...file.linkTypes],
    snapLength: file.snapLength,
    frames: file.frames,
    bytes: file.bytes,
    start: time(file.start),
    end: time(file.end),
    complete: file.failure === null,
  }
}
