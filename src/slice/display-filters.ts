import { escapeControls } from '../bytes/text.js'
import type { Analysis, FindingReport, SessionReport } from '../report/contract.js'

/**
 * Display filters for Wireshark, one a line after a comment that says what it shows: the packets of each session, and
 * those that prove each finding.
 */
export function displayFilters({ findings }: Pick<Analysis, 'findings'>, sessions: readonly SessionReport[]): string {
  const lines = [
    ...sessions.flatMap((session) => [
      `# session ${session.id}: ${session.verdict.outcome}: ${session.verdict.sentence}`,
      streamsOf(session),
      ...session.findings.flatMap((finding) => findingLines(finding, `session ${session.id}`)),
    ]),
    ...findings.flatMap((finding) => findingLines(finding, 'capture')),
  ]
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function streamsOf({ tcpStream, dataChannels }: SessionReport): string {
  const data = dataChannels.flatMap(({ connection }) => (connection ? [connection.tcpStream] : []))
  return `tcp.stream in {${[...new Set([tcpStream, ...data])].join(', ')}}`
}

function findingLines({ id, title, evidence }: FindingReport, where: string): string[] {
  const frames = [...new Set(evidence.map(({ frame }) => frame))].sort((a, b) => a - b)
  if (frames.length === 0) return []
  return [`# ${where}: ${title} (${id})`, `frame.number in {${frames.join(', ')}}`]
}
