import { describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analysisInFile } from '../../src/cli/input/analysis-file.js'
import { analysis, failingSession, finding, session } from '../report/fixtures.js'
import { ftpscope } from './support.js'

const good = analysis([session()])
const bad = analysis([failingSession()])
const warned = analysis([session({ findings: [finding({ id: 'packet-loss', severity: 'warning' })] })])
const earlier = { 'good.json': good, 'bad.json': bad, 'warned.json': warned }

describe('ftpscope diff', () => {
  it.each([
    [['good.json', 'good.json'], 0],
    [['bad.json', 'good.json'], 0],
    [['good.json', 'bad.json'], 1],
    [['good.json', 'warned.json'], 0],
    [['good.json', 'warned.json', '--fail-on', 'error'], 0],
    [['good.json', 'warned.json', '--fail-on', 'warning'], 1],
    [['warned.json', 'warned.json', '--fail-on', 'warning'], 0],
  ])('ends with the status of %j: %i', async (argv, expected) => {
    const { status, err } = await ftpscope(['diff', ...argv], { earlier })
    expect([status, err]).toEqual([expected, ''])
  })

  it('compares a capture with an earlier analysis', async () => {
    const { status, out } = await ftpscope(['diff', 'good.json', 'a.pcap'], { earlier, analysis: bad })
    expect(status).toBe(1)
    expect(out).toContain('1 session is worse')
    expect(out).toContain('✓ ok → ✗ FAILED')
  })

  it.each(['text', 'markdown', 'json'])('prints %s', async (format) => {
    const { out } = await ftpscope(['diff', 'bad.json', 'good.json', '--format', format], { earlier })
    if (format === 'json') expect(JSON.parse(out)).toMatchObject({ schema: 'ftpscope-diff/1', summary: { better: 1 } })
    else expect(out).toContain('1 session is better')
  })

  it.each([
    [['diff'], /Specify two captures/],
    [['diff', 'good.json'], /Specify two captures/],
    [['diff', 'good.json', 'good.json', 'good.json'], /Specify two captures/],
    [['diff', '-', '-'], /Standard input can be only one/],
    [['diff', 'good.json', 'missing.pcap'], /Cannot read missing\.pcap/],
    [['diff', 'good.json', 'good.json', '--format', 'csv'], /--format csv is not available for diff/],
  ])('fails with one line for %j', async (argv, message) => {
    const { status, out, err } = await ftpscope(argv, { earlier })
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err.trimEnd().split('\n').length).toBe(1)
  })
})

describe('a file with an earlier analysis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-diff-'))
  const file = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  it('is told from captures by its content', async () => {
    expect(await analysisInFile(file('a', ` ${JSON.stringify(good)}`))).toEqual(good)
    expect(await analysisInFile(file('b', '\u00d4\u00c3\u00b2\u00a1 capture'))).toBeNull()
    expect(await analysisInFile(file('c', ''))).toBeNull()
    expect(await analysisInFile(folder)).toBeNull()
    expect(await analysisInFile(join(folder, 'missing'))).toBeNull()
    await expect(analysisInFile(file('d', '{"x": 1}'))).rejects.toThrow(/\/d is JSON, but not an analysis of ftpscope/)
    rmSync(folder, { recursive: true })
  })
})
