import type { FindingReport, SessionReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

const LISTED_SESSIONS = 6
const ORDER = { error: 0, warning: 1, info: 2 } as const

interface Group {
  finding: FindingReport
  sessions: number[]
}

/** Findings that no session's details tell, each kind once with the sessions that have it. `told` are those that are told. */
export function* alsoSeen(
  sessions: readonly SessionReport[],
  told: ReadonlySet<FindingReport>,
  { width, style }: ReportOptions,
): Iterable<string> {
  const groups = new Map<string, Group>()
  for (const session of sessions) {
    for (const finding of session.findings) {
      if (told.has(finding)) continue
      const group = groups.get(finding.id)
      if (!group) groups.set(finding.id, { finding, sessions: [session.id] })
      else if (group.sessions.at(-1) !== session.id) group.sessions.push(session.id)
    }
  }
  if (groups.size === 0) return
  yield ''
  yield style.heading('Also seen')
  const sorted = [...groups.values()].sort((a, b) => ORDER[a.finding.severity] - ORDER[b.finding.severity])
  for (const { finding, sessions: ids } of sorted) {
    const frame = finding.evidence[0]
    const where = `${sessionList(ids)}${frame ? `, first #${frame.frame}` : ''}`
    const lead = ` ${finding.severity.padEnd(7)}  `
    yield* hang(style.faint(lead), lead.length, `${finding.title}: ${where} (${finding.id})`, width)
  }
}

/** "session 4", "sessions 1, 2, 3", "20 sessions (1, 2, 3, 4, 5, 6 …)". */
export function sessionList(ids: readonly number[]): string {
  if (ids.length === 1) return `session ${ids[0]!}`
  const more = ids.length - LISTED_SESSIONS
  const listed = ids.slice(0, LISTED_SESSIONS).join(', ')
  return more > 0 ? `${plural(ids.length, 'session')} (${listed} …)` : `sessions ${listed}`
}
