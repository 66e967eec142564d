import { Analyzer } from './analyze.js'
import type { AnalyzeOptions } from './options.js'
import type { Analysis } from './report/contract.js'

/**
 * Analyses one capture given as chunks.
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function analyze(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: AnalyzeOptions & { path?: string } = {},
): Promise<Analysis> {
  const analyzer = new Analyzer(options)
  analyzer.openFile(options.path ?? '-')
  for await (const chunk of chunks) analyzer.push(chunk)
  analyzer.closeFile()
  return analyzer.end()
}
