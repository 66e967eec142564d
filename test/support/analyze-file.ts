import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Analyzer, type Analysis, type AnalyzeOptions } from '../../src/index.js'
import { ROOT, SAMPLES } from './captures.js'

/** The analysis of one capture file, its path as seen from the project's root. */
export function analyzeFile(path: string, options: AnalyzeOptions = {}): Analysis {
  return analyzed([path], new Analyzer(options))
}

/** The analysis of a rule's sample: one capture, or those of several places. */
export function analyzeSample(sample: string | readonly string[]): Analysis {
  const paths = [sample].flat().map((file) => join(SAMPLES, file))
  const plan = { places: paths.map((path) => [relative(ROOT, path)]) }
  return analyzed(paths, paths.length > 1 ? new Analyzer({}, null, plan) : new Analyzer())
}

function analyzed(paths: readonly string[], analyzer: Analyzer): Analysis {
  for (const path of paths) {
    const bytes = readFileSync(path)
    const zipped = path.endsWith('.gz')
    analyzer.openFile(relative(ROOT, path), zipped ? 'gzip' : null)
    analyzer.push(zipped ? gunzipSync(bytes) : bytes)
    analyzer.closeFile()
  }
  return analyzer.end()
}
