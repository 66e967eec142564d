import { existsSync, readFileSync } from 'node:fs'
import { printError, reasonOf } from './errors.js'
import { processIo } from './process-io.js'
import { run } from './run.js'
import type { Dependencies } from './dependencies.js'
import { Status } from './status.js'
import { nodeCrypto } from './tls/node-crypto.js'

/**
 * Runs the command line of this process. `main` is the URL of the script that was started, two levels below the
 * package's root.
 */
export async function commandLine(argv: readonly string[], main: string): Promise<Status> {
  const root = new URL('../../', main)
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  const io = processIo()
  return run(argv, io, processDependencies(version, root, main)).catch((error: unknown): Status => {
    printError(io, `Internal error, please report it (FTPSCOPE_DEBUG=1 prints the stack): ${reasonOf(error)}`)
    if (process.env['FTPSCOPE_DEBUG']) console.error(error)
    return Status.Failed
  })
}

function processDependencies(version: string, root: URL, main: string): Dependencies {
  return {
    version,
    findings: new URL('docs/findings/', root),
    async page() {
      const { readPage } = await import('./commands/page.js')
      return readPage(new URL('dist/page.html', root))
    },
    explanation: (id) => readFileSync(new URL(`docs/findings/${id}.md`, root), 'utf8'),
    utf8: new TextEncoder(),
    blocks: async () => (await import('./output/brotli-blocks.js')).brotliBlocks,
    async createAnalyzer(options, sink, plan) {
      const { Analyzer } = await import('../analyze.js')
      return new Analyzer({ ...options, crypto: nodeCrypto }, sink, plan)
    },
    planInputs: async (captures, signal) => (await import('./input/plan-inputs.js')).planInputs(captures, signal),
    haveReadOnce: async (captures) => (await import('./input/plan-inputs.js')).haveReadOnce(captures),
    async createComparison(options) {
      const { Comparison } = await import('../compare.js')
      return new Comparison({ ...options, crypto: nodeCrypto })
    },
    async earlierAnalysis(path) {
      const { analysisInFile } = await import('./input/analysis-file.js')
      return analysisInFile(path)
    },
    async *inputs(captures, signal, onProblem, plan) {
      const { openInputs } = await import('./input/open-inputs.js')
      yield* openInputs(captures, { stdin: process.stdin, signal, onProblem, ...(plan && { plan }) })
    },
    async analyzeInParallel(captures, reading) {
      const { analyzeInParallel } = await import('./pool/parallel.js')
      const script = new URL('worker.js', main)
      // When run from source, there is no script that a thread could run.
      return existsSync(script) ? analyzeInParallel(captures, { ...reading, script }) : null
    },
  }
}
