/** A thread of the pool: does one task after the other and reports the results. */
import { parentPort } from 'node:worker_threads'
import { PartAnalyzer } from '../analyze.js'
import type { Input } from '../input/input.js'
import { openInput } from '../input/open-input.js'
import { readInputs } from '../input/read-inputs.js'
import { scan } from '../input/scan.js'
import type { EndedSession } from '../report/summary/analysis-builder.js'
import { gunzip } from './input/gunzip.js'
import { readFileChunks } from './input/read-file.js'
import { cannotRead, describeSystemError } from './input/system-error.js'
import type { FileSource, FromWorker, Task, ToWorker } from './pool/messages.js'
import { nodeCrypto } from './tls/node-crypto.js'

/**
 * Most batches of sessions in transit to the main thread: a part whose turn has not come waits instead of piling up.
 */
const MOST_BATCHES = 64

const port = parentPort!
const stop = new AbortController()
let underWay = 0
let goOn = (): void => undefined

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') stop.abort()
  else if (message.kind === 'task') void run(message.task)
  else underWay--
  goOn()
})

async function run(task: Task): Promise<void> {
  if (task.kind === 'analyze') return analyze(task)
  let result: FromWorker = { kind: 'unreadable' }
  for await (const input of open([task.file], () => undefined)) result = { kind: 'scanned', scan: await scan(input) }
  tell(result)
}

async function analyze({ files, series, options }: Extract<Task, { kind: 'analyze' }>): Promise<void> {
  let ended: EndedSession[] = []
  const analyzer = new PartAnalyzer({ ...options, crypto: nodeCrypto }, (session) => void ended.push(session), {
    before: series.before,
  })
  const handOn = async (): Promise<void> => {
    if (ended.length === 0) return
    tell({ kind: 'sessions', sessions: ended })
    underWay++
    ended = []
    while (underWay >= MOST_BATCHES && !stop.signal.aborted) await new Promise<void>((resolve) => (goOn = resolve))
  }
  let bytes = 0
  let current: Input | null = null
  const read = await readInputs((onProblem) => open(files, onProblem), {
    analyzer,
    tell: (message, wasRead) => {
      tell({ kind: 'told', message, wasRead })
    },
    progress: null,
    signal: stop.signal,
    check: (input) => {
      current = input
      bytes = 0
      return Promise.resolve()
    },
    afterChunk: async () => {
      tell({ kind: 'progress', bytes: current!.bytesRead - bytes })
      bytes = current!.bytesRead
      await handOn()
    },
  })
  const part = analyzer.endPart()
  await handOn()
  tell({ kind: 'analyzed', part, read })
}

async function* open(
  files: readonly FileSource[],
  onProblem: (problem: Error) => void,
): AsyncGenerator<Input, void, undefined> {
  for (const { path, size } of files) {
    if (stop.signal.aborted) return
    const raw = { path, size, chunks: readFileChunks(path) }
    const opened = await openInput(raw, { gunzip, signal: stop.signal, describe: describeSystemError }).catch(
      (error: unknown) => {
        onProblem(cannotRead(path, error))
      },
    )
    if (!opened) continue
    try {
      yield opened.input
    } finally {
      await opened.close()
    }
  }
}

function tell(message: FromWorker): void {
  port.postMessage(message)
}
