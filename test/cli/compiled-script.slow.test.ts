import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'

const SCRIPT = `
const { basename } = require('node:path')
exports.name = basename(__filename)
exports.sum = (...numbers) => numbers.reduce((a, b) => a + b, 0)`

/** Loads the script in a process of its own, since V8 caches what a process has compiled. */
const LOADER = `
const { pathToFileURL } = await import('node:url')
const { CompiledScript } = await import('./src/cli/start/compiled-script.ts')
const [, file, keep, folder] = process.argv
const script = new CompiledScript(pathToFileURL(file), folder)
const { name, sum } = script.run()
console.log(JSON.stringify({ accepted: script.accepted ?? null, values: [name, sum(1, 2)] }))
if (keep === 'keep') script.keep()
if (keep === 'keep for user') script.keepForUser()`

const VALUES = ['script.cjs', 3]

type Keep = 'keep' | 'keep for user'

function made(): {
  load: (keep?: Keep | 'no', user?: string) => unknown
  change: (text: string) => void
  code: () => string
} {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  const file = join(folder, 'script.cjs')
  writeFileSync(file, SCRIPT)
  return {
    load(keep = 'no', user) {
      const argv = ['--import', 'tsx', '--input-type=module', '-e', LOADER, file, keep, ...(user ? [user] : [])]
      return JSON.parse(execFileSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' })) as unknown
    },
    change: (text) => {
      writeFileSync(file, text)
    },
    code: () =>
      join(
        folder,
        readdirSync(folder).find((name) => name.endsWith('.code'))!,
      ),
  }
}

describe('CompiledScript', () => {
  it('runs a script as Node would, and with its stored code', () => {
    const { load, code } = made()
    expect(load('keep')).toEqual({ accepted: null, values: VALUES })
    expect(code()).toContain(`${process.version}-${process.platform}-${process.arch}`)
    expect(load()).toEqual({ accepted: true, values: VALUES })
  })

  it.skipIf(process.platform === 'win32')(
    'runs with code in the folder of the user, where there is none next to it',
    () => {
      const { load, change } = made()
      const user = join(mkdtempSync(join(tmpdir(), 'ftpscope-')), 'cache')
      expect(load('keep for user', user)).toEqual({ accepted: null, values: VALUES })
      expect(load('no', user)).toEqual({ accepted: true, values: VALUES })
      expect(load()).toEqual({ accepted: null, values: VALUES })
      change(SCRIPT.replace('a + b, 0', 'a - b, 0'))
      expect(load('no', user)).toEqual({ accepted: null, values: ['script.cjs', -3] })
      chmodSync(user, 0o777)
      change(SCRIPT)
      expect(load('no', user)).toEqual({ accepted: null, values: VALUES })
    },
  )

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['is of another engine', (bytes) => Buffer.from(bytes).fill(0x5a, 0, 8)],
    ['ends early', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['is empty', () => Buffer.alloc(0)],
  ])('compiles again if the code %s', (_, damaged) => {
    const { load, code } = made()
    load('keep')
    writeFileSync(code(), damaged(readFileSync(code())))
    expect(load()).toEqual({ accepted: false, values: VALUES })
  })

  it('compiles again if the script has changed', () => {
    const { load, change } = made()
    load('keep')
    change(SCRIPT.replace('a + b, 0', 'a + b, 10'))
    expect(load()).toEqual({ accepted: false, values: ['script.cjs', 13] })
  })
})
