/** The command line on real files, without a process of its own. */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Analyzer } from '../../src/analyze.js'
import { openInputs } from '../../src/cli/input/open-inputs.js'
import { haveReadOnce, planInputs } from '../../src/cli/input/plan-inputs.js'
import { run } from '../../src/cli/run.js'
import { Comparison } from '../../src/compare.js'
import { Collector } from './support.js'

export interface RealRun {
  status: number
  out: string
  err: string
}

export interface RealOptions {
  /** Path of a file that is piped in. */
  stdin?: string
  stdout?: Collector
  /** Ctrl-C comes as soon as it is listened for. */
  interrupted?: boolean
}

export async function ftpscopeOn(
  argv: readonly string[],
  { stdin, stdout = new Collector(), interrupted = false }: RealOptions = {},
): Promise<RealRun> {
  const stderr = new Collector()
  const onInterrupt = (listener: () => void) => {
    if (interrupted) listener()
    return () => undefined
  }
  const io = { stdout, stderr, env: {}, onInterrupt }
  const status = await run(argv, io, {
    version: '1.2.3',
    findings: new URL('file:///nonexistent/'),
    page: () => Promise.resolve(''),
    utf8: new TextEncoder(),
    createAnalyzer: (options, sink, plan) => Promise.resolve(new Analyzer(options, sink, plan)),
    planInputs,
    haveReadOnce,
    createComparison: (options) => Promise.resolve(new Comparison(options)),
    earlierAnalysis: () => Promise.resolve(null),
    inputs: (captures, signal, onProblem, plan) =>
      openInputs(captures, {
        stdin: Readable.from(stdin === undefined ? [] : [readFileSync(stdin)]),
        ...{ signal, onProblem },
        ...(plan && { plan }),
      }),
  })
  return { status, out: stdout.text, err: stderr.text }
}
