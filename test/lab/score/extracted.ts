import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExtractReport } from '../../../src/report/extract/contract.js'
import { fileContent } from '../home.js'
import type { Scenario } from '../scenario.js'

/** A file that `ftpscope extract` calls complete, and whether it has the bytes that the server's or client's file has. */
export interface ExtractedRow {
  readonly capture: string
  readonly file: string
  readonly right: boolean
}

/** Compares what `extract` makes of each capture of a lab run with the files that the lab made for it. */
export async function compareExtracted(
  folder: string,
  extract: (argv: readonly string[]) => Promise<string>,
): Promise<ExtractedRow[]> {
  const run = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Scenario
  const keys = join(folder, 'keys.log')
  const rows: ExtractedRow[] = []
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.pcap'))) {
    const capture = join(folder, name)
    const secrets = existsSync(keys) ? ['--keylog', keys] : []
    const text = await extract([capture, ...secrets, '--hash-only', '--format', 'json', '--quiet'])
    if (text === '') continue
    const { files } = JSON.parse(text) as ExtractReport
    for (const { path, content, completeness, direction, offset, representation } of files) {
      if (completeness !== 'complete' || path === null || !content || offset === null) continue
      if (representation !== 'image' || (direction !== 'download' && direction !== 'upload')) continue
      const made = fileContent(run, basename(path))
      if (!made) continue
      const hash = createHash('sha256').update(made.subarray(offset)).digest('hex')
      rows.push({ capture, file: path, right: hash === content.sha256 })
    }
  }
  return rows
}
