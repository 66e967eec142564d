/** Captures made to break the program in other ways. Not part of the project: skipped where they are absent. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { csvReport } from '../../src/report/csv/report.js'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { markdownReport } from '../../src/report/markdown/report.js'
import { elements, RENDERERS } from '../report/markdown-renderers.js'
import { parseCsv } from '../report/parse-csv.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'

const FOLDER = join(ROOT, '..', 'shared', 'hostile')

/** Elements that reports are made of. */
const OWN = /^\/?(?:h[1-6]|p|table|thead|tbody|tr|th|td|ul|ol|li|pre|strong|em|hr)\b/

describe.skipIf(!existsSync(FOLDER))('A hostile capture', () => {
  it('brings no element of its own into a Markdown report', () => {
    const analysis = analyzeFile(join(FOLDER, '02-markdown-table-breakout/capture.pcap'))
    const markdown = [...markdownReport(DEFAULT_OPTIONS).end(analysis)].join('')
    for (const render of Object.values(RENDERERS)) {
      expect(elements(render(markdown)).filter((tag) => !OWN.test(tag))).toEqual([])
    }
  })

  it('brings no formula into a spreadsheet', () => {
    const analysis = analyzeFile(join(FOLDER, '15-csv-semicolon-formula/capture.pcap'))
    const csv = [...csvReport({ ...DEFAULT_OPTIONS, rows: 'exchanges' }).end(analysis)].join('')
    const cells = parseCsv(csv)
      .flat()
      .flatMap((cell) => cell.split(/[;\t"]+/))
    expect(cells.some((cell) => cell.includes('cmd'))).toBe(true)
    expect(cells.filter((cell) => /^\s*[=+@]/.test(cell))).toEqual([])
  })

  it('of many long passwords is analyzed, and none of them shown', () => {
    for (const name of ['bomb-1-lines.pcap', 'bomb-4-lines.pcap']) {
      const { sessions } = analyzeFile(join(FOLDER, '01-redact-cpu-bomb', name))
      const passwords = sessions[0]!.exchanges.filter(({ command }) => command === 'PASS')
      expect(passwords.length).toBeGreaterThan(100)
      expect(passwords.every(({ argument }) => argument === '***')).toBe(true)
    }
  })

  it('of connections between many hosts fits a heap of 256 MiB', () => {
    const file = join(FOLDER, '20-unexplained-memory/k10.pcap.gz')
    const argv = ['--max-old-space-size=256', '--import', 'tsx', 'src/cli/main.ts', '--format', 'ndjson', file]
    const { status } = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'ignore' })
    expect(status).toBe(0)
  })
})
