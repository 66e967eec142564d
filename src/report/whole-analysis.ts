import type { Analysis, AnomalyReport, SessionReport } from './contract.js'
import type { ReportOptions } from './format.js'
import { takenFrom } from './place/taken-from.js'
import { type Numbered, numbered, numbersOf } from './summary/session-order.js'
import type { ReportWriter } from './writer.js'

type Piece = string | Uint8Array<ArrayBuffer>

/** Keeps all sessions, for formats of which any part may depend on any session; up to a limit in bytes. */
export class WholeAnalysis implements ReportWriter {
  readonly keeps = 'sessions'
  readonly #write: (analysis: Analysis) => Iterable<Piece>
  readonly #takes: ReportOptions['takes']
  readonly #mostKept: number
  readonly #sessions: SessionReport[] = []
  /** Of all sessions, for their numbers. */
  readonly #order: Numbered[] = []
  #kept = 0
  #dropped = 0
  #firstDropped: number | null = null
  #numberOf: ((id: number) => number) | null = null

  /** `write` gives the report of an analysis that contains the sessions to show. */
  constructor(
    write: (analysis: Analysis) => Iterable<Piece>,
    { takes, mostKept }: Pick<ReportOptions, 'takes' | 'mostKept'>,
  ) {
    this.#write = write
    this.#takes = takes
    this.#mostKept = mostKept
  }

  session(session: SessionReport): string {
    this.leftOut(session)
    this.#kept += sizeOf(session)
    if (this.#kept <= this.#mostKept) this.#sessions.push(session)
    else {
      this.#dropped++
      this.#firstDropped ??= session.firstFrame
    }
    return ''
  }

  leftOut({ id, firstFrame }: Numbered): void {
    this.#order.push({ id, firstFrame })
    this.#numberOf = null
  }

  idOf(id: number): number {
    this.#numberOf ??= numbersOf(this.#order)
    return this.#numberOf(id)
  }

  end(analysis: Analysis): Iterable<Piece> {
    const kept = numbered(this.#sessions, (id) => this.idOf(id))
    const sessions = [...kept, ...analysis.sessions]
    return this.#write(takenFrom({ ...analysis, capture: this.#withDropped(analysis), sessions }, this.#takes))
  }

  /** What the limit left out is reported like any limit of the analysis. */
  #withDropped({ capture }: Analysis): Analysis['capture'] {
    const count = this.#dropped
    if (count === 0) return capture
    const dropped: AnomalyReport = {
      kind: 'report-sessions-full',
      count,
      firstFrame: this.#firstDropped,
      message:
        `report: the sessions need more than ${this.#mostKept} bytes of memory: those that ended later are counted, ` +
        'not listed; formats json, ndjson and csv have all of them',
    }
    return { ...capture, anomalies: [...capture.anomalies, dropped] }
  }
}

/** Approximate memory of a session as objects. */
function sizeOf({ exchanges, dataChannels, findings, inferredExchanges = [] }: SessionReport): number {
  let text = 0
  for (const { argument, replies } of exchanges) {
    text += argument?.length ?? 0
    for (const reply of replies) text += reply.text.length
  }
  return (
    2500 +
    300 * inferredExchanges.length +
    500 * exchanges.length +
    text +
    1500 * dataChannels.length +
    1500 * findings.length
  )
}
