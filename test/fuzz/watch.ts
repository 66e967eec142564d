import { Worker } from 'node:worker_threads'
import type { Failure, FuzzReport } from './fuzzer.js'
import { LARGEST_INPUT } from './mutate.js'

/** What a worker is told. */
export interface WorkerTask {
  /** Module that exports the target, and the name that it has there. */
  module: string
  target: string
  seed: number
  milliseconds: number
  /** Ends the run earlier; `Infinity` unless the same inputs are wanted again. */
  executions: number
  /** The input that is being run, and before it its number and length. */
  shared: SharedArrayBuffer
}

export type WorkerMessage = { failure: Failure } | { report: FuzzReport }

export interface Watched {
  failures: Failure[]
  report: FuzzReport | null
}

export const HEADER = 8

/** Longer than any input takes on a machine that has much else to do. */
const PATIENCE = 30_000
const LOOK_EVERY = 1000
const HEAP_MEGABYTES = 512

/** A worker does not inherit what tsx does for the main thread. */
const START = `import('tsx/esm/api').then(({ register }) => {
  register()
  return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)})
})`

/**
 * Fuzzes in a worker, which can be ended from here when an input does not come back, or takes more memory than there
 * is: then that input is a failure like any other.
 */
export async function watched(task: Omit<WorkerTask, 'shared'>, patience = PATIENCE): Promise<Watched> {
  const shared = new SharedArrayBuffer(HEADER + LARGEST_INPUT)
  const [number, current] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, HEADER)]
  const input = () => current.slice(0, Atomics.load(number, 1))
  const result: Watched = { failures: [], report: null }
  const worker = new Worker(START, {
    eval: true,
    execArgv: [],
    workerData: { ...task, shared } satisfies WorkerTask,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  })
  await new Promise<void>((done, broken) => {
    let [seen, since] = [-1, performance.now()]
    const timer = setInterval(() => {
      const now = Atomics.load(number, 0)
      if (now !== seen) [seen, since] = [now, performance.now()]
      // Number 0: the code is still being loaded.
      else if (seen > 0 && performance.now() - since > patience) {
        result.failures.push({ input: input(), reason: `Hang: no end after ${patience} ms` })
        void worker.terminate()
      }
    }, LOOK_EVERY)
    worker.on('message', (message: WorkerMessage) => {
      if ('failure' in message) result.failures.push(message.failure)
      else result.report = message.report
    })
    worker.on('error', (error) => {
      if (Atomics.load(number, 0) === 0) broken(error)
      result.failures.push({ input: input(), reason: error.stack ?? error.message })
    })
    worker.on('exit', () => {
      clearInterval(timer)
      done()
    })
  })
  return result
}
