/** Messages between the main thread and the workers of a pool. */
import type { FileSeries } from '../../capture/file-series.js'
import type { AnalyzeOptions } from '../../options.js'
import type { ScannedFile } from '../../paths/files/places-of-files.js'
import type { EndedSession, PartEnd } from '../../report/summary/analysis-builder.js'

export interface FileSource {
  path: string
  size: number
}

export type Task =
  | { kind: 'scan'; file: FileSource }
  | { kind: 'analyze'; files: readonly FileSource[]; series: FileSeries; options: AnalyzeOptions }

/** `taken`: a batch of sessions was taken; `stop`: the user ends the input. */
export type ToWorker = { kind: 'task'; task: Task } | { kind: 'taken' } | { kind: 'stop' }

export type FromWorker =
  | { kind: 'progress'; bytes: number }
  | { kind: 'told'; message: string; wasRead: boolean }
  | { kind: 'sessions'; sessions: EndedSession[] }
  | { kind: 'scanned'; scan: ScannedFile }
  /** Instead of a scan. */
  | { kind: 'unreadable' }
  /** `read`: how many of the files could be read, at least in part. */
  | { kind: 'analyzed'; part: PartEnd; read: number }
