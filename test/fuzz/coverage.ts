import { Session, type Profiler } from 'node:inspector'

/** What the code did since the last look. */
export interface Executed {
  /** Blocks of code of this project's sources that ran and had not run before. */
  fresh: number
  /** Executions of blocks, all together: the steps that the work took. */
  steps: number
}

/** V8's own counts of how often each block of the sources ran (https://v8.dev/blog/javascript-code-coverage). */
export class Coverage {
  readonly #session = new Session()
  readonly #seen = new Set<string>()

  constructor() {
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Blocks that ever ran. */
  get blocks(): number {
    return this.#seen.size
  }

  /** Looks, and sets the counts back; `learn` tells whether what is fresh now counts as seen from here on. */
  take(learn: boolean): Executed {
    const executed: Executed = { fresh: 0, steps: 0 }
    for (const { url, functions } of this.#scripts()) {
      if (!url.includes('/src/')) continue
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count === 0) continue
          executed.steps += count
          const block = `${url}:${startOffset}:${endOffset}`
          if (this.#seen.has(block)) continue
          executed.fresh++
          if (learn) this.#seen.add(block)
        }
      }
    }
    return executed
  }

  close(): void {
    this.#session.disconnect()
  }

  #scripts(): readonly Profiler.ScriptCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = []
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      scripts = result
    })
    return scripts
  }
}
