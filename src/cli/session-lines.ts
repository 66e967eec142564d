import type { SessionReport } from '../report/contract.js'
import type { Output } from './output.js'
import type { SessionSelection } from './session-selection.js'

/**
 * Sessions of a format that writes each as it ends. The analyzer hands them out while it takes a chunk; they are written before
 * it gets the next, so that what waits is bounded by what one chunk can end.
 */
export class SessionLines {
  readonly #output: Output
  readonly #write: (session: SessionReport) => string
  readonly #selection: SessionSelection
  #waiting: string[] = []

  constructor(output: Output, write: (session: SessionReport) => string, selection: SessionSelection) {
    this.#output = output
    this.#write = write
    this.#selection = selection
  }

  add(session: SessionReport): void {
    if (this.#selection.takes(session) && !this.#output.readerGone) this.#waiting.push(this.#write(session))
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return
    const text = this.#waiting.join('')
    this.#waiting = []
    await this.#output.write(text)
  }
}
