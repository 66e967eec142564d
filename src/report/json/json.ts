import type { Analysis, SessionReport } from '../contract.js'
import type { ReportFormat, ReportOptions } from '../format.js'
import { takenFrom } from '../place/taken-from.js'
import type { Numbered } from '../summary/session-order.js'
import { WholeAnalysis } from '../whole-analysis.js'
import type { ReportWriter } from '../writer.js'
import { type BlockCodec, JsonStore, type Utf8Encoder } from './json-store.js'
import { safeJson } from './safe-json.js'

/** Indented, a session would be twice as long and take 1.5 times as long to write. */
const BETWEEN_SESSIONS = ',\n    '

/** The analysis as one JSON value, indented by two spaces, each session on one line, as `schema.json` describes it. */
export function jsonReport(utf8: Utf8Encoder, codec?: BlockCodec): ReportFormat {
  // Which sessions are chosen is known only when they have their final ids.
  return (options) =>
    options.chosen ? new WholeAnalysis(wholeReport, options) : new JsonWriter(new JsonStore(utf8, codec), options)
}

/** Keeps the text of each session, which is smaller than the session. */
class JsonWriter implements ReportWriter {
  readonly keeps = 'texts'
  readonly #store: JsonStore
  readonly #takes: ReportOptions['takes']

  constructor(store: JsonStore, { takes }: ReportOptions) {
    this.#store = store
    this.#takes = takes
  }

  session(session: SessionReport): string {
    if (this.#takes(session)) this.#store.add(session)
    return ''
  }

  leftOut(session: Numbered): void {
    this.#store.leaveOut(session)
  }

  idOf(id: number): number {
    return this.#store.idOf(id)
  }

  end(analysis: Analysis): Iterable<string | Uint8Array<ArrayBuffer>> {
    const { size } = this.#store
    if (size > 0) return pieces(analysis, size, this.#store.pieces(BETWEEN_SESSIONS))
    return wholeReport(takenFrom(analysis, this.#takes))
  }
}

function wholeReport(analysis: Analysis): Iterable<string> {
  return pieces(analysis, analysis.sessions.length, sessionPieces(analysis.sessions))
}

function* pieces<Piece>(analysis: Analysis, count: number, sessions: Iterable<Piece>): Iterable<string | Piece> {
  yield '{'
  let separator = '\n'
  for (const [key, value] of Object.entries(analysis) as [keyof Analysis, unknown][]) {
    yield `${separator}  ${safeJson(key)}: `
    if (key !== 'sessions') yield indented(safeJson(value, 2), '  ')
    else if (count === 0) yield '[]'
    else {
      yield '[\n    '
      yield* sessions
      yield '\n  ]'
    }
    separator = ',\n'
  }
  yield '\n}\n'
}

/** One string for all could exceed the engine's limit. */
function* sessionPieces(sessions: readonly SessionReport[]): Iterable<string> {
  let separator = ''
  for (const session of sessions) {
    yield separator + safeJson(session)
    separator = BETWEEN_SESSIONS
  }
}

/** JSON text has no line breaks except those of its layout. */
function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}
