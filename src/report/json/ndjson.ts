import type { Analysis, SessionReport } from '../contract.js'
import type { ReportFormat } from '../format.js'
import { SessionStream } from '../session-stream.js'
import { safeJson } from './safe-json.js'
import { jsonAfterId } from './session-json.js'

/**
 * One JSON value per line, for streams: each session as it ends, marked `"type":"session"`, those that several places
 * saw at the end; then each path, marked `"type":"path"`, which names its sessions by their ids; and in the last line,
 * marked `"type":"capture"`, the rest of the analysis.
 */
export const ndjsonReport: ReportFormat = (options) =>
  new SessionStream({ head: '', session: sessionLine, tail: tailLines }, options)

function sessionLine(session: SessionReport): string {
  return `{"type":"session","id":${session.id}${jsonAfterId(session)}\n`
}

function* tailLines(analysis: Analysis): Iterable<string> {
  for (const session of analysis.sessions) yield sessionLine(session)
  for (const path of analysis.paths ?? []) yield safeJson({ type: 'path', ...path }) + '\n'
  const { schema, tool, capture, summary, findings, scanners, otherTraffic } = analysis
  const rest = { schema, tool, capture, summary, findings, scanners, otherTraffic }
  yield safeJson({ type: 'capture', ...rest }) + '\n'
}
