import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Analyzer, type Analysis, type AnalyzeOptions } from '../../src/index.js'
import { ROOT } from './captures.js'

/** The analysis of one capture file, its path as seen from the project's root. */
export function analyzeFile(path: string, options: AnalyzeOptions = {}): Analysis {
  const bytes = readFileSync(path)
  const zipped = path.endsWith('.gz')
  const analyzer = new Analyzer(options)
  analyzer.openFile(relative(ROOT, path), zipped ? 'gzip' : null)
  analyzer.push(zipped ? gunzipSync(bytes) : bytes)
  analyzer.closeFile()
  return analyzer.end()
}
