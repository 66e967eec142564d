import { Worker } from 'node:worker_threads'
import type { FromWorker, Task, ToWorker } from './messages.js'

interface Waiting {
  task: Task
  hear: (message: FromWorker, taken: () => void) => boolean
  reject: (error: unknown) => void
}

/** Threads that do tasks in the order in which they were submitted, one per thread at a time. */
export class Pool {
  readonly #script: URL
  readonly #size: number
  readonly #workers = new Set<Worker>()
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Waiting>()
  readonly #waiting: Waiting[] = []

  constructor(script: URL, size: number) {
    this.#script = script
    this.#size = size
  }

  /**
   * Does a task. `hear` receives each message of the thread, and a function to acknowledge it; it returns true for the
   * last message.
   */
  run(task: Task, hear: (message: FromWorker, taken: () => void) => boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        task,
        reject,
        hear: (message, taken) => {
          const last = hear(message, taken)
          if (last) resolve()
          return last
        },
      }
      this.#waiting.push(waiting)
      this.#next()
    })
  }

  /** The user ends the input: threads finish their tasks with what they have read. */
  stop(): void {
    for (const worker of this.#workers) this.#post(worker, { kind: 'stop' })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.terminate()))
  }

  #next(): void {
    if (this.#waiting.length === 0) return
    const worker = this.#idle.pop() ?? (this.#workers.size < this.#size ? this.#start() : null)
    if (!worker) return
    const waiting = this.#waiting.shift()!
    this.#busy.set(worker, waiting)
    this.#post(worker, { kind: 'task', task: waiting.task })
  }

  #start(): Worker {
    const worker = new Worker(this.#script)
    this.#workers.add(worker)
    worker.on('message', (message: FromWorker) => {
      const waiting = this.#busy.get(worker)!
      const last = waiting.hear(message, () => {
        this.#post(worker, { kind: 'taken' })
      })
      if (!last) return
      this.#busy.delete(worker)
      this.#idle.push(worker)
      this.#next()
    })
    worker.on('error', (error) => {
      this.#busy.get(worker)?.reject(error)
    })
    return worker
  }

  #post(worker: Worker, message: ToWorker): void {
    worker.postMessage(message)
  }
}
