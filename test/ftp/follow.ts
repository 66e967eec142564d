import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { CORPUS, hasCorpus } from '../support/captures.js'
import { hasTshark } from '../support/tshark.js'

export const HAS_CORPUS = hasCorpus && hasTshark

/** Chunks of one TCP stream in the order of tshark's reassembly. */
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
