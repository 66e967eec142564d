/**
 * The reports of every capture of the lab, as they were when somebody last looked at them: a file for each format and
 * each group of captures. `npm run golden` writes them anew; read the difference before you commit it.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { DEFAULT_OPTIONS, ROW_KINDS } from '../../src/report/format.js'
import { FORMATS, type FormatName } from '../../src/report/formats.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT, SAMPLES, sampleCaptures } from '../support/captures.js'

const rewrite = process.env['FTPSCOPE_GOLDEN'] === 'write'
const FOLDER = join(ROOT, 'test/golden/reports')

/** Captures by the first word of their names: active, passive, tls … */
const groups = new Map<string, string[]>()
for (const path of sampleCaptures().filter((each) => each.startsWith(join(SAMPLES, 'lab')))) {
  const [group] = basename(path).split(/[-.]/, 1) as [string]
  groups.set(group, [...(groups.get(group) ?? []), path])
}

/** Endings of the files, and what they hold of a capture. */
const WRITERS: [ending: string, write: (analysis: Analysis, isFirst: boolean) => Promise<string>][] = [
  ['txt', (analysis) => written('text', analysis)],
  ['md', (analysis) => written('markdown', analysis)],
  // All kinds of rows, one below the other; the dialogue, which is long, of the first capture only.
  [
    'csv',
    async (analysis, isFirst) => {
      const kinds = ROW_KINDS.filter((rows) => rows !== 'exchanges' || isFirst)
      return (await Promise.all(kinds.map((rows) => written('csv', analysis, rows)))).join('')
    },
  ],
]

async function written(
  format: Exclude<FormatName, 'html' | 'json'>,
  analysis: Analysis,
  rows = DEFAULT_OPTIONS.rows,
): Promise<string> {
  const chosen = await FORMATS[format]()
  return [...chosen({ ...DEFAULT_OPTIONS, rows }).end(analysis)].join('')
}

const analyses = new Map<string, Analysis>()

function analysisOf(path: string): Analysis {
  const analysis = analyses.get(path) ?? analyzeFile(path)
  analyses.set(path, analysis)
  return analysis
}

describe.each([...groups])('the reports of %s', (group, paths) => {
  it.each(WRITERS)('as %s are as expected', async (ending, write) => {
    const parts: string[] = []
    for (const path of paths) parts.push(await write(analysisOf(path), path === paths[0]))
    const ours = parts.join('\n')
    const golden = join(FOLDER, `${group}.${ending}`)
    if (rewrite) {
      mkdirSync(FOLDER, { recursive: true })
      writeFileSync(golden, ours)
    }
    expect(existsSync(golden)).toBe(true)
    expect(ours).toBe(readFileSync(golden, 'utf8'))
  })
})

it('are of captures that exist', () => {
  const stale = readdirSync(FOLDER).filter((name) => !groups.has(name.replace(/\.\w+$/, '')))
  if (rewrite) for (const name of stale) rmSync(join(FOLDER, name))
  else expect(stale).toEqual([])
})
