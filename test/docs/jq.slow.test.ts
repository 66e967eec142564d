/** Every recipe of docs/JQ.md, run as it is pasted, prints what stands below it. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeBlocks, documentText } from '../readme/documents.js'
import { ROOT } from '../support/captures.js'
import { hasTshark } from '../support/tshark.js'

/** Samples of the lab that the recipes are tried on, as the client saw them. */
const SAMPLES = [
  'active-port-unanswered',
  'ftps-healthy',
  'login-rejected',
  'passive-healthy',
  'passive-port-outlier',
  'passive-private-address',
  'transfer-refused',
  'transfer-stalled',
  'upload-healthy',
]

const hasJq = spawnSync('jq', ['--version']).status === 0
const blocks = codeBlocks(documentText('docs/JQ.md'))
const recipes = blocks.flatMap(({ language, text }, at) => {
  if (language !== 'sh') return []
  const next = blocks[at + 1]
  return [{ command: text, printed: next?.language === 'text' ? next.text : '' }]
})

describe('docs/JQ.md', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-jq-'))
    mkdirSync(join(folder, 'captures'))
    for (const name of SAMPLES) {
      copyFileSync(join(ROOT, `samples/lab/${name}.client.pcap`), join(folder, `captures/${name}.pcap`))
    }
    const program = [process.execPath, '--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), 'src/cli/main.ts']
    const quoted = program.map((word, at) => `'${at === program.length - 1 ? join(ROOT, word) : word}'`)
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/ftpscope'), `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 })
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  function bash(command: string): { status: number | null; stdout: string; stderr: string } {
    const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` }
    return spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', command], { cwd: folder, encoding: 'utf8', env })
  }

  it('has a dozen recipes and more', () => {
    expect(recipes.length).toBeGreaterThan(12)
  })

  // The first one writes the report that the others read.
  it.skipIf(!hasJq).each(recipes)('prints what stands below it: $command', ({ command, printed }) => {
    const { status, stdout, stderr } = bash(command)
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: printed, stderr: '' })
  })

  it.skipIf(!hasJq || !hasTshark)('prints commands that show as many frames as they name', () => {
    const lines = recipes.flatMap(({ printed }) => printed.split('\n').filter((line) => line.startsWith('tshark ')))
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) {
      const frames = new Set(/\{(.*)\}/.exec(line)![1]!.split(', '))
      const shown = bash(line).stdout.trimEnd().split('\n')
      expect(new Set(shown.map((each) => each.trim().split(' ')[0]))).toEqual(frames)
    }
  })
})
