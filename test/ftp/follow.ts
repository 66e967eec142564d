import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of public captures that nobody here made; tests that read it skip where it is absent. */
export const CORPUS =
  process.env['FTPSCOPE_CORPUS'] ?? join(fileURLToPath(new URL('../..', import.meta.url)), '../shared/corpus')

export const HAS_CORPUS = existsSync(join(CORPUS, 'truth.json')) && hasTshark()

function hasTshark(): boolean {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Chunks of one TCP stream in the order that tshark's own reassembly gives. */
export function follow(file: string, stream: number): { fromServer: boolean; bytes: Uint8Array }[] {
  const args = ['-r', join(CORPUS, file), '-q', '-z', `follow,tcp,raw,${stream}`]
  const output = execFileSync('tshark', args, {
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  })
  return output
    .split('\n')
    .filter((line) => /^\t?[0-9a-f]+$/.test(line))
    .map((line) => ({ fromServer: line.startsWith('\t'), bytes: Uint8Array.from(Buffer.from(line.trim(), 'hex')) }))
}
