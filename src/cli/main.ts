#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { printError, reasonOf } from './errors.js'
import { processIo } from './io.js'
import { run } from './run.js'
import type { Services } from './services.js'
import { Status } from './status.js'

/** Root of the package, from src/cli/ as well as from dist/cli/. */
const ROOT = new URL('../../', import.meta.url)

const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string }

// Sessions that have ended are garbage in the old generation. It is collected when the heap has doubled, not grown up to fourfold:
// with many sessions that takes a quarter of the peak memory away and costs a few per cent of time.
setFlagsFromString('--heap-growing-percent=100')

const services: Services = {
  version,
  findings: new URL('docs/findings/', ROOT),
  async page() {
    const { readPage } = await import('./page.js')
    return readPage(new URL('dist/page.html', ROOT))
  },
  createAnalyzer: async (options) => new (await import('../analyze.js')).Analyzer(options),
  async *inputs(captures, signal, onProblem) {
    const { openInputs } = await import('./input/open-inputs.js')
    yield* openInputs(captures, { stdin: process.stdin, signal, onProblem })
  },
  async analyzeInParallel(captures, reading) {
    const { analyzeInParallel } = await import('./pool/parallel.js')
    const script = new URL('worker.js', import.meta.url)
    // Run from source there is no script that a thread could run.
    return existsSync(script) ? analyzeInParallel(captures, { ...reading, script }) : null
  },
}

const io = processIo()
const status = await run(process.argv.slice(2), io, services).catch((error: unknown): Status => {
  printError(io, `Internal error, please report it (FTPSCOPE_DEBUG=1 shows where): ${reasonOf(error)}`)
  if (process.env['FTPSCOPE_DEBUG']) console.error(error)
  return Status.Failed
})
// An input that waits for more (a pipe that was interrupted) must not hold the process; the report is written by now.
process.exit(status)
