/**
 * The analysis of every capture of the lab, as it was when somebody last looked at it. `npm run golden` writes the
 * files anew; read the difference before you commit it. Captures with a key log beside them are analysed with it, too.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyzeFile } from '../support/analyze-file.js'
import { keysOf, SAMPLES, sampleCaptures } from '../support/captures.js'
import { formatAnalysis } from './format-analysis.js'

const rewrite = process.env['FTPSCOPE_GOLDEN'] === 'write'
const captures = sampleCaptures().filter((path) => path.startsWith(join(SAMPLES, 'lab')))

function compare(golden: string, ours: string): void {
  if (rewrite) writeFileSync(golden, ours)
  expect(existsSync(golden)).toBe(true)
  expect(ours).toBe(readFileSync(golden, 'utf8'))
}

describe('the samples', () => {
  it('are there', () => {
    expect(captures.length).toBeGreaterThan(20)
  })

  it.each(captures.map((path) => [basename(path), path] as const))('%s: as expected', (_name, path) => {
    compare(path.replace(/\.pcap(?:ng)?$/, '.json'), formatAnalysis(analyzeFile(path)))
  })

  it.each(captures.filter((path) => keysOf(path) !== null).map((path) => [basename(path), path] as const))(
    '%s, with its keys: as expected',
    (_name, path) => {
      const analysis = analyzeFile(path, { keyLog: keysOf(path)! })
      compare(path.replace(/\.pcap(?:ng)?$/, '.keys.json'), formatAnalysis(analysis))
    },
  )
})
