import type { Analysis, SessionReport } from '../contract.js'
import type { GatheredReport, ReportFormat } from '../format.js'
import { jsonText } from './safe-json.js'
import { SessionTexts } from './json-store.js'

/** Indented, a session would be twice as long and take half as long again to write. */
const BETWEEN_SESSIONS = ',\n    '

/** The analysis as one JSON value, indented by two spaces, each session on one line, as `schema.json` describes it. */
export const json: ReportFormat = {
  report: (analysis) => pieces(analysis, analysis.sessions.length, sessionPieces(analysis.sessions)),
  gather(utf8): GatheredReport {
    const texts = new SessionTexts(utf8)
    return {
      add: (session) => {
        texts.add(session)
      },
      idOf: (id) => texts.idOf(id),
      report: (analysis) => pieces(analysis, texts.size, texts.pieces(BETWEEN_SESSIONS)),
    }
  },
}

function* pieces<Piece>(analysis: Analysis, count: number, sessions: Iterable<Piece>): Iterable<string | Piece> {
  yield '{'
  let separator = '\n'
  for (const [key, value] of Object.entries(analysis) as [keyof Analysis, unknown][]) {
    yield `${separator}  ${jsonText(key)}: `
    if (key !== 'sessions') yield indented(jsonText(value, 2), '  ')
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

/** One string for all could exceed what an engine can hold. */
function* sessionPieces(sessions: readonly SessionReport[]): Iterable<string> {
  let separator = ''
  for (const session of sessions) {
    yield separator + jsonText(session)
    separator = BETWEEN_SESSIONS
  }
}

/** JSON text has no line breaks but those of its layout. */
function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}
