import type { Analysis, SessionReport } from './contract.js'
import type { ReportFormat } from './format.js'
import { jsonText } from './json-text.js'

/** The analysis as one JSON value, indented by two spaces, each session on one line, as `schema.json` describes it. */
export const json: ReportFormat = {
  *report(analysis) {
    yield '{'
    let separator = '\n'
    for (const [key, value] of Object.entries(analysis) as [keyof Analysis, unknown][]) {
      yield `${separator}  ${jsonText(key)}: `
      if (key === 'sessions') yield* sessionPieces(analysis.sessions)
      else yield indented(jsonText(value, 2), '  ')
      separator = ',\n'
    }
    yield '\n}\n'
  },
}

/** A session a line: indented, it would be twice as long and take half as long again to write. One string for all could exceed what an engine can hold. */
function* sessionPieces(sessions: readonly SessionReport[]): Iterable<string> {
  if (sessions.length === 0) {
    yield '[]'
    return
  }
  let separator = '[\n    '
  for (const session of sessions) {
    yield separator + jsonText(session)
    separator = ',\n    '
  }
  yield '\n  ]'
}

/** JSON text has no line breaks but those of its layout. */
function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}
