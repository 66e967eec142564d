import type { Anomaly } from '../../bytes/anomaly.js'
import type { CaptureFile } from '../../capture/capture-file.js'
import type { Clock } from '../../capture/time.js'
import type { CaptureRule } from '../../diagnose/capture/capture-rule.js'
import type { Finding } from '../../diagnose/rule.js'
import { TOOL } from '../version.js'
import { type Analysis, type CaptureFileReport, SCHEMA, type SessionReport } from '../contract.js'
import { describeCaptureFinding } from './describe.js'
import { inOrder, numbersOf } from '../summary/session-order.js'
import type { Tally } from '../summary/tally.js'

/** What the capture reader knows at the end of the input. */
interface CaptureState {
  files: readonly CaptureFile[]
  frames: number
  clock: Clock | null
}

/** The analysis of the whole input. `sessions` come in the order in which they ended; `idOf` is for those that were handed out. */
export function describeCapture(
  capture: CaptureState,
  anomalies: readonly Anomaly[],
  tally: Tally,
  sessions: readonly SessionReport[],
  findings: readonly Finding<CaptureRule>[],
  idOf: ((id: number) => number) | null,
): Analysis {
  const { clock } = capture
  const starts = capture.files.flatMap((file) => (file.start === null ? [] : [file.start]))
  const ends = capture.files.flatMap((file) => (file.end === null ? [] : [file.end]))
  const start = starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : null
  const end = ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : null
  const captureFindings = findings.map(describeCaptureFinding)
  tally.findings(captureFindings)
  const ordered = inOrder(sessions)
  return {
    schema: SCHEMA,
    tool: TOOL,
    capture: {
      files: capture.files.map((file) => describeFile(file, clock)),
      frames: capture.frames,
      start: clock && start !== null ? clock.iso(start) : null,
      end: clock && end !== null ? clock.iso(end) : null,
      durationMs: start === null || end === null ? null : Math.round((end - start) / 1e3) / 1e3,
      anomalies: anomalies.map((anomaly) => ({ ...anomaly })),
    },
    summary: tally.summary(idOf ?? numbersOf(ordered)),
    sessions: ordered.map((session, index) => (session.id === index + 1 ? session : { ...session, id: index + 1 })),
    findings: captureFindings,
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
    complete: file.complete,
  }
}
