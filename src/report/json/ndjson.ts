import type { Analysis, SessionReport } from '../contract.js'
import { formatOf } from '../format.js'
import { jsonText } from './safe-json.js'

/**
 * One JSON value a line, for streams: each session as it ends, marked `"type":"session"`, and in the last line, marked
 * `"type":"capture"`, the rest of the analysis.
 */
export const ndjson = formatOf({ head: () => '', session: sessionLine, tail: captureLine })

function sessionLine(session: SessionReport): string {
  return jsonText({ type: 'session', ...session }) + '\n'
}

function captureLine(analysis: Analysis): string {
  const { schema, tool, capture, summary, findings } = analysis
  return jsonText({ type: 'capture', schema, tool, capture, summary, findings }) + '\n'
}
