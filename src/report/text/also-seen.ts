import { SEVERITIES } from '../../diagnose/rule.js'
import type { FindingReport, SessionReport } from '../contract.js'
import type { TextContext } from './context.js'
import { printable } from './printable.js'
import { sessionList } from './session-list.js'
import { hang } from './wrap.js'

interface Group {
  finding: FindingReport
  sessions: number[]
}

/**
 * Findings that no session's details include, each kind once with its sessions. `told` is true for those shown
 * elsewhere.
 */
export function* alsoSeen(
  sessions: readonly SessionReport[],
  told: (finding: FindingReport) => boolean,
  { width, style, frames }: TextContext,
): Iterable<string> {
  const groups = new Map<string, Group>()
  for (const session of sessions) {
    for (const finding of session.findings) {
      if (told(finding)) continue
      const group = groups.get(finding.id)
      if (!group) groups.set(finding.id, { finding, sessions: [session.id] })
      else if (group.sessions.at(-1) !== session.id) group.sessions.push(session.id)
    }
  }
  if (groups.size === 0) return
  yield ''
  yield style.heading('Other findings')
  const sorted = [...groups.values()].sort(
    (a, b) => SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity),
  )
  for (const { finding, sessions: ids } of sorted) {
    const frame = finding.evidence[0]
    const where = `${sessionList(ids)}${frame ? `, first ${frames.name(frame.frame)}` : ''}`
    const lead = ` ${finding.severity.padEnd(7)}  `
    yield* hang(style.faint(lead), lead.length, printable(`${finding.title}: ${where} (${finding.id})`), width)
  }
}
