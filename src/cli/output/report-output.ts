import type { SessionReport } from '../../report/contract.js'
import type { Numbered } from '../../report/summary/session-order.js'
import type { SessionSink } from '../../report/session-sink.js'
import type { ReportWriter } from '../../report/writer.js'
import type { Output } from './output.js'
import { WaitingText } from './waiting-text.js'
import { writeAll } from './write-all.js'

/**
 * Writes a report to its output. The analyzer passes on sessions while it processes a chunk; their text is written
 * before the next chunk, so that pending output is bounded by the sessions that can end in one chunk.
 */
export class ReportOutput implements SessionSink {
  readonly #output: Output
  readonly #writer: ReportWriter
  readonly #waiting = new WaitingText()
  /** Serializes writes, whoever requests them. */
  #written = Promise.resolve()

  constructor(output: Output, writer: ReportWriter) {
    this.#output = output
    this.#writer = writer
  }

  session(session: SessionReport): void {
    const text = this.#writer.session(session)
    if (text !== '' && !this.#output.readerGone) this.#waiting.add(text)
  }

  leftOut(session: Numbered): void {
    this.#writer.leftOut?.(session)
  }

  idOf(id: number): number {
    return this.#writer.idOf(id)
  }

  /** Writes what was added since the last call. */
  async flush(): Promise<void> {
    this.#written = this.#written.then(() => this.#waiting.writeTo(this.#output))
    await this.#written
  }

  /** Writes the end of the report. */
  async finish(rest: Iterable<string | Uint8Array>): Promise<void> {
    await this.flush()
    await writeAll(this.#output, rest)
  }
}
