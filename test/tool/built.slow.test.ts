/**
 * The program as it is built, one script and its compiled code, and its package. Without a build these tests are
 * skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { CompiledScript } from '../../src/cli/start/compiled-script.js'
import { collectSooner } from '../../src/cli/start/gc.js'
import { ROOT } from '../support/captures.js'

const isBuilt = existsSync(join(ROOT, 'dist/cli/main.js'))
const SAMPLE = join(ROOT, 'samples/lab/passive-port-unanswered.client.pcap')
const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
const compressed = join(folder, 'sample.pcap.gz')
writeFileSync(compressed, gzipSync(readFileSync(SAMPLE)))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function told(program: readonly string[], argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...argv], { cwd: ROOT, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe.skipIf(!isBuilt)('The program as `npm run build` left it', () => {
  it('has code that this Node accepts', () => {
    collectSooner()
    expect(new CompiledScript(pathToFileURL(join(ROOT, 'dist/cli/command-line.cjs'))).accepted).toBe(true)
  })

  it.each([
    ['--version'],
    ['--help'],
    ...['text', 'json', 'ndjson', 'markdown', 'csv', 'html'].map((format) => ['--format', format, compressed]),
    ['--jobs', '2', '--format', 'json', SAMPLE, compressed],
    ['firewall', '--for', 'nftables', SAMPLE],
    ['explain', 'passive-port-unanswered'],
    ['completion', 'bash'],
    ['no-such.pcap'],
  ])('does what its source does: ftpscope %s %s %s', (...argv) => {
    const built = told(['dist/cli/main.js'], argv)
    expect(built).toEqual(told(['--import', 'tsx', 'src/cli/main.ts'], argv))
    expect(built.stdout + built.stderr).not.toBe('')
  })
})

describe.skipIf(!isBuilt)('The package, once it is built,', () => {
  it('holds the program and its documents, no sample, no test and no source', () => {
    const out = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const [packed] = JSON.parse(out) as [{ files: { path: string }[] }]
    const paths = packed.files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['dist/cli/main.js', 'dist/index.js', 'package.json', 'LICENSE']))
    const allowed =
      /^(?:dist\/.*\.(?:js|cjs|d\.ts|json|html|1)|docs\/(?:findings\/)?[\w-]+\.(?:md|png|svg)|(?:CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|samples\/README\.md|LICENSE|package\.json)$/
    expect(paths.filter((path) => !allowed.test(path))).toEqual([])
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target!)
    expect(links).toContain('docs/FTPS.md')
    expect(links.filter((target) => !paths.includes(target))).toEqual([])
  })
})
