import { signal } from '@preact/signals'
import type { AnalyzeOptions } from '../options.js'
import { WORKER_ELEMENT } from '../report/page/template.js'
import { bytesOf } from './model/load.js'
import { textOf } from './page-parts.js'
import type { FromWorker, Progress, ToWorker } from './protocol.js'
import { show } from './state.js'
import { trustedScriptUrl } from './trusted-types.js'

/** The result of the last analysis, and the progress of the running one. */
export interface Run {
  worker: Worker
  progress: Progress | null
  stopping: boolean
}

export const run = signal<Run | null>(null)
/** Files that could not be read, and errors: each a sentence for the user. */
export const problems = signal<readonly string[]>([])

/** Analyzes files in a worker and shows the result. */
export async function start(files: readonly File[], options: AnalyzeOptions): Promise<void> {
  cancel()
  problems.value = []
  const worker = await createWorker()
  run.value = { worker, progress: null, stopping: false }
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    receive(data)
  }
  worker.onerror = ({ message }) => {
    receive({ type: 'failed', message })
  }
  send(worker, { type: 'analyze', files, options })
}

function receive(message: FromWorker): void {
  switch (message.type) {
    case 'progress':
      if (run.value) run.value = { ...run.value, progress: message }
      break
    case 'problem':
      problems.value = [...problems.value, message.message]
      break
    case 'done':
      cancel()
      show(message.analysis)
      break
    case 'failed':
      cancel()
      problems.value = [...problems.value, `Internal error, please report it: ${message.message}`]
  }
}

/** Ends reading: what was read so far is analyzed. */
export function stop(): void {
  if (!run.value) return
  send(run.value.worker, { type: 'stop' })
  run.value = { ...run.value, stopping: true }
}

/** Discards the analysis. */
export function cancel(): void {
  run.value?.worker.terminate()
  run.value = null
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message)
}

/** The page contains its worker compressed; a page from a file may start a worker only from a blob. */
async function createWorker(): Promise<Worker> {
  const compressed = new Blob([bytesOf(textOf(`#${WORKER_ELEMENT}`))])
  const text = await new Response(compressed.stream().pipeThrough(new DecompressionStream('gzip'))).text()
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  return new Worker(trustedScriptUrl(url))
}
