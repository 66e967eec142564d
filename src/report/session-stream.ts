import type { Analysis, SessionReport } from './contract.js'
import type { ReportOptions } from './format.js'
import type { ReportWriter } from './writer.js'

/** What precedes the sessions, each session, and what follows once the whole analysis is known. */
export interface StreamParts {
  head: string
  session(session: SessionReport): string
  tail(analysis: Analysis): string
}

/** Writes each session as it ends, under the id that it has then. */
export class SessionStream implements ReportWriter {
  readonly keeps = 'nothing'
  readonly #parts: StreamParts
  readonly #takes: ReportOptions['takes']
  /** Waits for the first session, since there may be no capture. */
  #head: string

  constructor(parts: StreamParts, { takes }: ReportOptions) {
    this.#parts = parts
    this.#takes = takes
    this.#head = parts.head
  }

  session(session: SessionReport): string {
    return this.#takes(session) ? this.#afterHead(this.#parts.session(session)) : ''
  }

  idOf(id: number): number {
    return id
  }

  *end(analysis: Analysis): Iterable<string> {
    for (const session of analysis.sessions) yield this.session(session)
    yield this.#afterHead(this.#parts.tail(analysis))
  }

  #afterHead(text: string): string {
    const head = this.#head
    this.#head = ''
    return head + text
  }
}
