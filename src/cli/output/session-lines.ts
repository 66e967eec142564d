import type { Analysis, SessionReport } from '../../report/contract.js'
import type { ReportOptions, ReportParts } from '../../report/format.js'
import type { Output } from './output.js'
import type { SessionSelection } from '../commands/session-selection.js'

/**
 * Sessions of a format that writes each as it ends. The analyzer hands them out while it takes a chunk; they are written before
 * it gets the next, so that what waits is bounded by what one chunk can end.
 */
export class SessionLines {
  readonly #output: Output
  readonly #parts: ReportParts
  readonly #options: ReportOptions
  readonly #selection: SessionSelection
  #waiting: string[]
  /** Writes follow each other, whoever asks for them. */
  #written = Promise.resolve()

  constructor(output: Output, parts: ReportParts, options: ReportOptions, selection: SessionSelection) {
    this.#output = output
    this.#parts = parts
    this.#options = options
    this.#selection = selection
    this.#waiting = [parts.head(options)]
  }

  add(session: SessionReport): void {
    if (this.#selection.takes(session) && !this.#output.readerGone) {
      this.#waiting.push(this.#parts.session(session, this.#options))
    }
  }

  /** Writes what has come since the last time; nothing before the first session, since there may be no capture. */
  async flush(): Promise<void> {
    if (this.#selection.taken > 0 && this.#waiting.length > 0) this.#writeWaiting()
    await this.#written
  }

  /** Writes the rest, and what the whole analysis ends with. */
  async finish(analysis: Analysis): Promise<void> {
    this.#waiting.push(this.#parts.tail(analysis, this.#options))
    this.#writeWaiting()
    await this.#written
  }

  #writeWaiting(): void {
    const text = this.#waiting.join('')
    this.#waiting = []
    if (text !== '') this.#written = this.#written.then(() => this.#output.write(text))
  }
}
