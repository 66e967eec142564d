/** The stages of docs/ARCHITECTURE.md: each imports only those before it, and the core uses neither Node nor DOM. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './support/captures.js'

const SRC = join(ROOT, 'src')
/** In the order of the data flow. */
const STAGES = [
  'bytes',
  'capture',
  'wire',
  'tcp',
  'tls',
  'ftp',
  'paths',
  'correlate',
  'diagnose',
  'report',
  'slice',
  'input',
]
/** The only ones that touch files, terminal, network or DOM. */
const OUTSIDE = ['cli', 'web']
/** Packages that run anywhere. */
const CORE_PACKAGES = [
  '@noble/ciphers/aes.js',
  '@noble/ciphers/chacha.js',
  '@noble/hashes/hkdf.js',
  '@noble/hashes/hmac.js',
  '@noble/hashes/legacy.js',
  '@noble/hashes/sha2.js',
  '@scure/base',
  'asn1js',
  'cli-table3',
  'fzstd',
  'pako',
  'string-width',
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'))
const stageOf = (file: string) => (file.includes('/') ? file.split('/')[0]! : 'top')
const core = files.filter((file) => !OUTSIDE.includes(stageOf(file)))

/** A file without its comments. */
function codeOf(file: string): string {
  return readFileSync(join(SRC, file), 'utf8').replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}

function importsOf(file: string): string[] {
  const text = codeOf(file)
  return [...text.matchAll(/^(?:import|export)\s[^']*?from '([^']+)'|import\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2]!,
  )
}

function targetOf(file: string, specifier: string): string {
  return relative(SRC, resolve(dirname(join(SRC, file)), specifier)).replaceAll('\\', '/')
}

describe('the stages', () => {
  it.each(core.filter((file) => stageOf(file) !== 'top'))(
    '%s imports only from its own stage and earlier ones',
    (file) => {
      const own = STAGES.indexOf(stageOf(file))
      expect(own).toBeGreaterThanOrEqual(0)
      for (const specifier of importsOf(file)) {
        if (!specifier.startsWith('.')) {
          expect(CORE_PACKAGES).toContain(specifier)
          continue
        }
        const target = STAGES.indexOf(stageOf(targetOf(file, specifier)))
        expect(target, `${file} imports ${specifier}`).toBeGreaterThanOrEqual(0)
        expect(target, `${file} imports ${specifier}`).toBeLessThanOrEqual(own)
      }
    },
  )

  it('is the list of folders below src', () => {
    const folders = new Set(files.map(stageOf).filter((stage) => stage !== 'top'))
    expect([...folders].filter((folder) => !OUTSIDE.includes(folder)).sort()).toEqual([...STAGES].sort())
  })

  it('use no API of Node or of a browser', () => {
    for (const file of core) {
      const text = readFileSync(join(SRC, file), 'utf8')
      expect(
        importsOf(file).filter((specifier) => specifier.startsWith('node:')),
        file,
      ).toEqual([])
      expect(/\b(?:process|Buffer|globalThis|setTimeout|console)\b[.(]/.exec(text)?.[0], file).toBeUndefined()
    }
  })
})

describe('analyze.ts', () => {
  it('fits on one or two screens', () => {
    const lines = readFileSync(join(SRC, 'analyze.ts'), 'utf8').split('\n').length
    expect(lines).toBeLessThanOrEqual(130)
  })
})

describe('the source', () => {
  it('has no file that grew beyond a second idea', () => {
    const long = files.filter((file) => readFileSync(join(SRC, file), 'utf8').split('\n').length > 400)
    expect(long).toEqual([])
  })
})
