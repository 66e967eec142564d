import { execFileSync } from 'node:child_process'
import { ROOT } from '../support/captures.js'

/** Runs a program from the root of the repository, as the reader does; TypeScript is understood. */
export function node(arguments_: string[], env: Record<string, string> = {}): string {
  const options = { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } } as const
  return execFileSync(process.execPath, ['--import', 'tsx', ...arguments_], options)
}
