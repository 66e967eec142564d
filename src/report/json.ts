import type { Analysis, SessionReport } from './contract.js'
import type { ReportFormat } from './format.js'
import { jsonText } from './json-text.js'

/** The analysis as one JSON value, indented by two spaces, as `schema.json` describes it. */
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

/** Session by session: one string for all could exceed what a JavaScript engine can hold. */
function* sessionPieces(sessions: readonly SessionReport[]): Iterable<string> {
  if (sessions.length === 0) {
    yield '[]'
    return
  }
  let separator = '[\n    '
  for (const session of sessions) {
    // Laid out inside two arrays it has the indentation of its place; "[\n  [\n    " before it and "\n  ]\n]" behind it go.
    yield separator + jsonText([[session]], 2).slice(10, -6)
    separator = ',\n    '
  }
  yield '\n  ]'
}

/** JSON text has no line breaks but those of its layout. */
function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}
