import { execFile } from 'node:child_process'
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

/**
 * How the runs of `child.ts` differ: `steps` counts steps, `full` runs what takes minutes, `brief` what a commit has
 * time for.
 */
export type Mode = 'steps' | 'full' | 'brief'

/** Milliseconds after which a process is given up: many times what the longest run takes. */
const HANG = 900_000

/** Runs scenarios in a process of little heap; `failure` is what it died of, `null` when it did not. */
export function run(mode: Mode, name?: string): Promise<{ runs: Run[]; failure: string | null }> {
  const args = ['--max-old-space-size=256', '--import', 'tsx', CHILD, mode, ...(name === undefined ? [] : [name])]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 1 << 26, timeout: HANG }, (error, stdout, stderr) => {
      const runs = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Run)
      const end = error && (error.killed ? `no end after ${HANG} ms` : `status ${error.code ?? error.signal ?? 'none'}`)
      resolve({ runs, failure: end && `${end}: ${stderr.slice(-2000)}` })
    })
  })
}
