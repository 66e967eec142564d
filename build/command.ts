/**
 * Compiles the command line that was bundled into `dist/cli/command-line.cjs`: runs it on captures of all kinds and
 * stores the compiled code of what ran next to it, for the running version of Node. In a process of its own, since a
 * run may change the process.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type * as commandLineModule from '../src/cli/command-line.js'
import { CompiledScript } from '../src/cli/start/compiled-script.js'
import { collectSooner } from '../src/cli/start/gc.js'

const ROOT = dirname(import.meta.dirname)
const MAIN = pathToFileURL(join(ROOT, 'dist/cli/main.js')).href

collectSooner()
// Otherwise the engine drops the code of what has not run for a while, such as the beginning of the script.
setFlagsFromString('--no-flush-bytecode')
const script = new CompiledScript(new URL('command-line.cjs', MAIN))
const { commandLine } = script.run() as typeof commandLineModule
const folder = mkdtempSync(join(tmpdir(), 'ftpscope-build-'))
try {
  for (const format of ['json', 'ndjson', 'text']) {
    const options = ['--quiet', '--jobs', '1', '--format', format, '-o', join(folder, format)]
    const status = await commandLine([...options, join(ROOT, 'samples/lab')], MAIN)
    if (status !== 0) throw new Error(`The built command line exited with ${status}`)
  }
  // Code is accepted only with the flags that it was stored with.
  setFlagsFromString('--flush-bytecode')
  script.keep()
} finally {
  rmSync(folder, { recursive: true })
}
