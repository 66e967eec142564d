import type { SessionReport } from '../../report/contract.js'
import type { SessionSink } from '../../report/session-sink.js'
import type { ReportWriter } from '../../report/writer.js'
import type { Output } from './output.js'
import { writeAll } from './write-all.js'

/**
 * A report on its way to where it goes. The analyzer hands out sessions while it takes a chunk; what the writer makes of them is written
 * before it gets the next, so that what waits is bounded by what one chunk can end.
 */
export class ReportOutput implements SessionSink {
  readonly #output: Output
  readonly #writer: ReportWriter
  #waiting: string[] = []
  /** Writes follow each other, whoever asks for them. */
  #written = Promise.resolve()

  constructor(output: Output, writer: ReportWriter) {
    this.#output = output
    this.#writer = writer
  }

  session(session: SessionReport): void {
    const text = this.#writer.session(session)
    if (text !== '' && !this.#output.readerGone) this.#waiting.push(text)
  }

  idOf(id: number): number {
    return this.#writer.idOf(id)
  }

  /** Writes what has come since the last time. */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) {
      const text = this.#waiting.join('')
      this.#waiting = []
      this.#written = this.#written.then(() => this.#output.write(text))
    }
    await this.#written
  }

  /** Writes what the writer ends with. */
  async finish(rest: Iterable<string | Uint8Array>): Promise<void> {
    await this.flush()
    await writeAll(this.#output, rest)
  }
}
