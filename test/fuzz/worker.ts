import { parentPort, workerData } from 'node:worker_threads'
import { Coverage } from './coverage.js'
import { Fuzzer } from './fuzzer.js'
import { Random } from './random.js'
import type { FuzzTarget } from './targets/target.js'
import { HEADER, type WorkerMessage, type WorkerTask } from './watch.js'

const { module, target, seed, milliseconds, executions, shared } = workerData as WorkerTask
const number = new Int32Array(shared, 0, 2)
const current = new Uint8Array(shared, HEADER)
const send = (message: WorkerMessage) => {
  parentPort!.postMessage(message)
}

// The tables' hash is other in each run of the program; here all has to come out the same for the same seed.
Math.random = new Random(seed).unit
const coverage = new Coverage()
const loaded = ((await import(module)) as Record<string, FuzzTarget>)[target]
if (!loaded) throw new Error(`${module} has no ${target}`)

const begin = performance.now()
const fuzzer = new Fuzzer(loaded, coverage, seed, {
  before(input) {
    current.set(input)
    Atomics.store(number, 1, input.length)
    Atomics.add(number, 0, 1)
  },
  failed(failure) {
    send({ failure })
  },
  isOver: (done) => done >= executions || performance.now() - begin >= milliseconds,
})
send({ report: fuzzer.run() })
coverage.close()
