import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../support/captures.js'

export interface Run {
  name: string
  count: number
  frames: number
  sessions: number
  /** Most exchanges of one session. */
  exchanges: number
  anomalies: string[]
  steps: number
  milliseconds: number
  /** Most memory that the process ever had, in MiB: the heap, and all buffers besides. */
  rss: number
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

/** Runs scenarios in a process of little heap; `failure` is what it died of, `null` when it did not. */
export function run(mode: 'steps' | 'full', name?: string): { runs: Run[]; failure: string | null } {
  const args = ['--max-old-space-size=256', '--import', 'tsx', CHILD, mode, ...(name === undefined ? [] : [name])]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const runs = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Run)
  return { runs, failure: status === 0 ? null : `status ${status ?? 'none'}: ${stderr.slice(-2000)}` }
}
