import type { AnalyzeOptions } from '../options.js'
import type { Analysis } from '../report/contract.js'

/** What the command line needs of the analyzer. */
export interface Analyzer {
  openFile(path: string, compression?: 'gzip' | 'zstd' | null): void
  /** Throws `CaptureFormatError` for a file that is no capture; that file is then not closed, the next may be opened. */
  push(chunk: Uint8Array): void
  /** `failure` says why the bytes end early. Throws `CaptureFormatError` like `push`. */
  closeFile(failure?: string | null): void
  end(): Analysis
}

/** One input, decompressed. */
export interface Input {
  /** As named by the user or found in a folder; `-` for standard input. */
  path: string
  compression: 'gzip' | 'zstd' | null
  /** Bytes on disk, `null` where that cannot be known, and how many of them are read so far. */
  size: number | null
  bytesRead: number
  /** Never throws: what goes wrong is told by `failure`. */
  chunks: AsyncIterable<Uint8Array>
  /** Once `chunks` has ended: why it ended early; `null` when all was read. */
  failure: string | null
}

/** What the commands are made of; each is loaded only when it is called, so that `--help` does not wait for the analyzer. */
export interface Services {
  version: string
  /** Folder of the pages that `explain` shows. */
  findings: URL
  createAnalyzer(options: AnalyzeOptions): Promise<Analyzer>
  /**
   * Files of the arguments in the order in which they are to be read. When aborted, they end as if the input did, a pipe
   * with the bytes that it holds already. `onProblem` hears of each argument that cannot be read.
   */
  inputs: (
    captures: readonly string[],
    signal: AbortSignal,
    onProblem: (problem: Error) => void,
  ) => AsyncIterable<Input>
}
