/** The analysis in a web worker; `protocol.ts` describes the messages. */
import { Analyzer } from '../analyze.js'
import type { FileScan } from '../capture/file-series.js'
import type { InputPlan } from '../capture/input-plan.js'
import type { Input } from '../input/input.js'
import { planOf } from '../input/plan.js'
import { readInputs } from '../input/read-inputs.js'
import { scan } from '../input/scan.js'
import type { AnalyzeOptions } from '../options.js'
import { fileInputs } from './file-inputs.js'
import type { FromWorker, Progress, ToWorker } from './protocol.js'
import { problemsOfSecrets, separateSecrets } from './secret-files.js'

/** The part of a worker's global scope that is used here; the page's types lack it. */
interface Scope {
  postMessage(message: FromWorker): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
}

const scope = self as unknown as Scope
const stop = { aborted: false }

scope.onmessage = ({ data }) => {
  if (data.type === 'stop') stop.aborted = true
  else
    analyze(data.files, data.options).catch((error: unknown) => {
      scope.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    })
}

async function analyze(files: readonly File[], options: AnalyzeOptions): Promise<void> {
  const started = performance.now()
  const tell = (message: string): void => {
    scope.postMessage({ type: 'problem', message })
  }
  const separated = await separateSecrets(files, tell)
  const { captures, secrets } = separated
  const analyzer = new Analyzer({ ...options, ...secrets }, null, await planned(captures))
  const progress = new ProgressMessages(
    captures.reduce((sum, { size }) => sum + size, 0),
    started,
  )
  const read = await readInputs((onProblem) => fileInputs(captures, stop, onProblem), {
    analyzer,
    signal: stop,
    progress,
    tell,
    check: () => Promise.resolve(),
    // Reading a slice already takes a turn of the event loop, in which `stop` arrives.
    afterChunk: () => Promise.resolve(),
  })
  if (read === 0 && stop.aborted) tell('Stopped before anything was read')
  const analysis = read === 0 ? null : analyzer.end()
  for (const problem of problemsOfSecrets(separated, analysis)) tell(problem)
  scope.postMessage({ type: 'done', analysis, milliseconds: performance.now() - started })
}

/** Several files are read twice: first for the places that they were captured at. */
async function planned(files: readonly File[]): Promise<InputPlan | undefined> {
  if (files.length < 2) return undefined
  const scans: FileScan[] = []
  for await (const input of fileInputs(files, stop, () => undefined)) scans.push(await scan(input))
  return planOf(scans)
}

/** Milliseconds between two messages. */
const INTERVAL = 100

class ProgressMessages {
  readonly #size: number
  readonly #started: number
  #sentAt = -Infinity
  #input: Input | null = null
  /** Of the inputs before this one. */
  #before = 0

  constructor(size: number, started: number) {
    this.#size = size
    this.#started = started
  }

  start(input: Input): void {
    this.#before += this.#input?.size ?? 0
    this.#input = input
    this.update()
  }

  update(): void {
    const now = performance.now()
    if (!this.#input || now - this.#sentAt < INTERVAL) return
    this.#sentAt = now
    const message: Progress = {
      type: 'progress',
      path: this.#input.path,
      bytesRead: this.#before + this.#input.bytesRead,
      size: this.#size,
      milliseconds: now - this.#started,
    }
    scope.postMessage(message)
  }

  clear(): void {
    this.#sentAt = -Infinity
  }
}
