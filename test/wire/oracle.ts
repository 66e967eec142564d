import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One row per frame: the last occurrence of each field, which is the innermost one; empty if absent. */
export function tsharkFields(capture: Uint8Array, fields: readonly string[], options: string[] = []): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  try {
    const path = join(folder, 'capture')
    writeFileSync(path, capture)
    const output = [
      '-T',
      'fields',
      '-E',
      'occurrence=l',
      '-E',
      'separator=/t',
      ...fields.flatMap((field) => ['-e', field]),
    ]
    const run = spawnSync('tshark', ['-n', '-r', path, ...options, ...output], { maxBuffer: 1 << 28, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`tshark failed: ${run.stderr}`)
    return run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
