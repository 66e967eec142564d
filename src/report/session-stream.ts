import type { Analysis, SessionReport } from './contract.js'
import type { ReportOptions } from './format.js'
import { takenFrom } from './place/taken-from.js'
import type { ReportWriter } from './writer.js'

/** What precedes the sessions, each session, and what follows once the whole analysis is known. */
export interface StreamParts {
  head: string
  session(session: SessionReport): string
  /** The sessions of paths that were taken, and the rest. */
  tail(analysis: Analysis): Iterable<string>
}

/**
 * Writes each session as it ends, under the id that it has then. Sessions that several places saw wait for the end,
 * when it is known which they are.
 */
export class SessionStream implements ReportWriter {
  readonly keeps = 'nothing'
  readonly #parts: StreamParts
  readonly #takes: ReportOptions['takes']
  readonly #ofPaths: SessionReport[] = []
  /** Waits for the first session, since there may be no capture. */
  #head: string

  constructor(parts: StreamParts, { takes }: ReportOptions) {
    this.#parts = parts
    this.#takes = takes
    this.#head = parts.head
  }

  session(session: SessionReport): string {
    if (session.path !== undefined) {
      this.#ofPaths.push(session)
      return ''
    }
    return this.#takes(session) ? this.#afterHead(this.#parts.session(session)) : ''
  }

  idOf(id: number): number {
    return id
  }

  /** Which sessions are taken is known when this returns. */
  end(analysis: Analysis): Iterable<string> {
    const alone = analysis.sessions.map((session) => this.session(session))
    const sessions = this.#ofPaths.toSorted((a, b) => a.id - b.id)
    return this.#rest(alone, takenFrom({ ...analysis, sessions }, this.#takes))
  }

  *#rest(alone: readonly string[], analysis: Analysis): Iterable<string> {
    yield* alone
    for (const piece of this.#parts.tail(analysis)) yield this.#afterHead(piece)
    yield this.#afterHead('')
  }

  #afterHead(text: string): string {
    const head = this.#head
    this.#head = ''
    return head + text
  }
}
