import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE } from '../cache.js'
import { run } from '../shell.js'

const SOURCE = fileURLToPath(new URL('key-log.c', import.meta.url))
const LIBRARY = join(CACHE, 'key-log.so')
const NAME = 'tls-keys.log'

/** Where a client or server writes the secrets of its TLS connections; `folder` is its own, in the scratch folder. */
export const keyLogIn = (folder: string): string => join(folder, NAME)

/** Compiles the library that makes a server write a key log, unless that of this source is there. */
export async function buildKeyLogLibrary(): Promise<void> {
  if (existsSync(LIBRARY) && statSync(LIBRARY).mtimeMs > statSync(SOURCE).mtimeMs) return
  const made = `${LIBRARY}.${process.pid}`
  await run(['gcc', '-Wall', '-Wextra', '-Werror', '-O2', '-shared', '-fPIC', '-o', made, SOURCE, '-ldl'])
  renameSync(made, LIBRARY)
}

/** The command of a server that uses OpenSSL, writing a key log. */
export const withKeyLog = (command: readonly string[], folder: string): readonly string[] => [
  'env',
  `LD_PRELOAD=${LIBRARY}`,
  `FTPSCOPE_LAB_KEY_LOG=${keyLogIn(folder)}`,
  ...command,
]

/** Puts what both ends of a run wrote into one key log; none where neither used TLS. */
export function gatherKeys(scratch: string, output: string): void {
  const logs = readdirSync(scratch)
    .map((folder) => keyLogIn(join(scratch, folder)))
    .filter((path) => existsSync(path))
  const lines = new Set(logs.flatMap((path) => readFileSync(path, 'latin1').split('\n')).filter(isSecret))
  if (lines.size > 0) writeFileSync(join(output, 'keys.log'), [...lines].join('\n') + '\n')
}

const isSecret = (line: string): boolean => line !== '' && !line.startsWith('#')
