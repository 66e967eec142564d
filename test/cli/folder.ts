import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** A folder of its own for each test of a file; returns the path of a name in it. */
export function folderForEach(): (name: string) => string {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })
  return (name) => join(folder, name)
}
