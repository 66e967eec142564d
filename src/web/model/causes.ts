import { OUTCOMES } from '../../diagnose/outcome.js'
import { endpointText } from '../../diagnose/words/evidence.js'
import { SEVERITIES } from '../../diagnose/rule.js'
import type { Analysis, FindingReport, Outcome } from '../../report/contract.js'
import { printable } from '../../report/text/printable.js'

/** One kind of finding with the sessions that have it. */
export interface FindingGroup {
  id: string
  /** Of the first session that has it. */
  example: FindingReport
  /** What to change, once for each server whose remedy differs, up to `SERVERS`. */
  remedies: { server: string; finding: FindingReport }[]
  /** Ids of its sessions; empty for a finding of the capture. */
  sessions: number[]
  /** How many of them it is the cause of, by their outcome. */
  causeOf: Partial<Record<Outcome, number>>
}

/** All findings by kind: first those that caused sessions to fail, then by severity and number. */
export function findingGroups({ sessions, findings }: Pick<Analysis, 'sessions' | 'findings'>): FindingGroup[] {
  const groups = new Map<string, FindingGroup>()
  const groupOf = (finding: FindingReport): FindingGroup => {
    const known = groups.get(finding.id)
    if (known) return known
    const group = { id: finding.id, example: printable(finding), remedies: [], sessions: [], causeOf: {} }
    groups.set(finding.id, group)
    return group
  }
  for (const finding of findings) addRemedy(groupOf(finding), '', finding)
  for (const { id, server, findings: own, verdict } of sessions) {
    for (const finding of own) {
      const group = groupOf(finding)
      addRemedy(group, endpointText(server.address, server.port), finding)
      if (group.sessions.at(-1) !== id) group.sessions.push(id)
      if (finding.id === verdict.cause) group.causeOf[verdict.outcome] = (group.causeOf[verdict.outcome] ?? 0) + 1
    }
  }
  return [...groups.values()].sort((a, b) => weight(b) - weight(a) || b.sessions.length - a.sessions.length)
}

/** Servers whose remedies a group lists. */
const SERVERS = 4

function addRemedy({ remedies }: FindingGroup, server: string, finding: FindingReport): void {
  if (finding.remedy.length === 0 || remedies.length === SERVERS) return
  const key = finding.remedy.join('\n')
  if (remedies.some((known) => known.server === server || known.finding.remedy.join('\n') === key)) return
  remedies.push({ server, finding: printable(finding) })
}

/** Findings that caused failures weigh most, then those that caused problems, then severity. */
function weight({ example, causeOf }: FindingGroup): number {
  const worst = OUTCOMES.findIndex((outcome) => (causeOf[outcome] ?? 0) > 0)
  return (worst < 0 ? 0 : 10 * (OUTCOMES.length - worst)) + (SEVERITIES.length - SEVERITIES.indexOf(example.severity))
}
