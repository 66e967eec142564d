import type { Analysis, SessionReport } from '../contract.js'
import type { ReportFormat } from '../format.js'
import { SessionStream } from '../session-stream.js'
import { safeJson } from './safe-json.js'

/**
 * One JSON value per line, for streams: each session as it ends, marked `"type":"session"`, and in the last line,
 * marked `"type":"capture"`, the rest of the analysis.
 */
export const ndjsonReport: ReportFormat = (options) =>
  new SessionStream({ head: '', session: sessionLine, tail: captureLine }, options)

function sessionLine(session: SessionReport): string {
  return safeJson({ type: 'session', ...session }) + '\n'
}

function captureLine(analysis: Analysis): string {
  const { schema, tool, capture, summary, findings, scanners, otherTraffic } = analysis
  const rest = { schema, tool, capture, summary, findings, scanners, otherTraffic }
  return safeJson({ type: 'capture', ...rest }) + '\n'
}
