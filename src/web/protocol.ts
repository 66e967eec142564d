import type { AnalyzeOptions } from '../options.js'
import type { Analysis } from '../report/contract.js'

/**
 * Messages between page and worker. One worker does one analysis: the page sends `analyze`, receives `progress` and
 * `problem` messages, and finally `done` or `failed`. `stop` ends reading; what was read by then is analyzed. To
 * discard the analysis, the page terminates the worker.
 */
export type ToWorker =
  /** Captures in any order, each read in slices, never as a whole; and key logs and private keys for them. */
  { type: 'analyze'; files: readonly File[]; options: AnalyzeOptions } | { type: 'stop' }

export type FromWorker =
  /** At most ten times a second. */
  | Progress
  /** A file that could not be read, or not to its end: one sentence, as the command line prints it. */
  | { type: 'problem'; message: string }
  /** `null` when no file could be read. `milliseconds` from the message to the end of the analysis. */
  | { type: 'done'; analysis: Analysis | null; milliseconds: number }
  /** An error of the program itself. */
  | { type: 'failed'; message: string }

export interface Progress {
  type: 'progress'
  path: string
  /** Bytes as they are stored, of all files. */
  bytesRead: number
  size: number
  /** Since the analysis began. */
  milliseconds: number
}
