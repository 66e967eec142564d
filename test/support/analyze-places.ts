import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Analyzer } from '../../src/analyze.js'
import type { Analysis } from '../../src/report/contract.js'
import { ROOT } from './captures.js'

/** The analysis of captures of which each was made at another place, named relative to the project. */
export function analyzePlaces(paths: readonly string[]): Analysis {
  const names = paths.map((path) => relative(ROOT, path))
  const analyzer = new Analyzer({}, null, { places: names.map((name) => [name]) })
  for (const [at, path] of paths.entries()) {
    analyzer.openFile(names[at]!)
    analyzer.push(readFileSync(path))
    analyzer.closeFile()
  }
  return analyzer.end()
}
