import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { build } from 'tsdown'
import { expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'
import { check } from './check.js'
import { fileSets } from './file-sets.js'

it('An input analyzed in threads gives the same result as in one', async () => {
  // Threads run plain JavaScript only. Built as the published program is, one level below the package as it is.
  const built = mkdtempSync(`${ROOT}dist-parts-`)
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-parts-'))
  try {
    const entry = { 'cli/main': 'src/cli/main.ts', 'cli/worker': 'src/cli/worker.ts' }
    await build({
      config: false,
      cwd: ROOT,
      entry,
      outDir: built,
      format: 'esm',
      fixedExtension: false,
      dts: false,
      logLevel: 'error',
    })
    check(
      fc.property(fileSets, fc.constantFrom('json', 'ndjson'), (files, format) => {
        rmSync(folder, { recursive: true })
        for (const { path, bytes } of files) write(folder, path, bytes)
        // A capture that is there twice overlaps itself.
        write(folder, 'twin', files[0]!.bytes)
        const [one, several] = [1, 3].map((jobs) => ftpscope(built, folder, format, jobs))
        expect(one!.stdout).toContain('"schema"')
        expect(several).toEqual(one)
      }),
      3,
    )
  } finally {
    for (const made of [built, folder]) rmSync(made, { recursive: true, force: true })
  }
})

function write(folder: string, name: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

function ftpscope(built: string, folder: string, format: string, jobs: number) {
  const command = [join(built, 'cli/main.js'), '--format', format, '--jobs', `${jobs}`, folder]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
  return { status, stdout, stderr }
}
