import type { Analysis, SessionReport } from './contract.js'
import type { ReportOptions } from './format.js'
import { numbered, numbersOf } from './summary/session-order.js'
import type { ReportWriter } from './writer.js'

/** Keeps all sessions, for formats of which any part may depend on any session. */
export class WholeAnalysis implements ReportWriter {
  readonly keeps = 'sessions'
  readonly #write: (analysis: Analysis) => Iterable<string>
  readonly #takes: ReportOptions['takes']
  readonly #sessions: SessionReport[] = []
  #numberOf: ((id: number) => number) | null = null

  /** `write` gives the report of an analysis that contains the sessions to show. */
  constructor(write: (analysis: Analysis) => Iterable<string>, { takes }: ReportOptions) {
    this.#write = write
    this.#takes = takes
  }

  session(session: SessionReport): string {
    this.#sessions.push(session)
    this.#numberOf = null
    return ''
  }

  idOf(id: number): number {
    this.#numberOf ??= numbersOf(this.#sessions)
    return this.#numberOf(id)
  }

  end(analysis: Analysis): Iterable<string> {
    const sessions = [...numbered(this.#sessions), ...analysis.sessions].filter(this.#takes)
    return this.#write({ ...analysis, sessions })
  }
}
