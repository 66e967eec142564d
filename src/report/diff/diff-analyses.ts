import { SEVERITIES } from '../../diagnose/rule.js'
import type { Analysis, FindingReport, Outcome, SessionReport } from '../contract.js'
import { JoinedSessions } from '../place/joined-sessions.js'
import { TOOL } from '../version.js'
import {
  type Change,
  CHANGES,
  DIFF_SCHEMA,
  type DiffReport,
  type DiffSummary,
  type FindingChangeReport,
  type FindingNameReport,
  type RunReport,
  type RunSessionReport,
  type SessionChangeReport,
} from './contract.js'
import { matchSessions, type SessionPair } from './match-sessions.js'
import { timesOf } from './times.js'
import { diffTransfers } from './diff-transfers.js'

/**
 * Compares two runs of the same job, before and after a change: sessions are paired by what they did, and each pair has
 * what became of its outcome, findings, transfers and times. Takes analyses as `analyze` returns them and as `--format
 * json` prints them.
 */
export function diffAnalyses(before: Analysis, after: Analysis): DiffReport {
  const [old, fresh] = [new JoinedSessions(before).rows, new JoinedSessions(after).rows]
  const sessions = matchSessions(old, fresh).map(describePair)
  return {
    schema: DIFF_SCHEMA,
    tool: TOOL,
    before: describeRun(before),
    after: describeRun(after),
    summary: summaryOf(sessions),
    findings: findingChanges({ ...before, sessions: [...old] }, { ...after, sessions: [...fresh] }),
    sessions,
  }
}

function describeRun({ capture, summary }: Analysis): RunReport {
  const { sessions, outcomes, transfers } = summary
  return { files: capture.files.map(({ path }) => path), sessions, outcomes, transfers }
}

function describePair({ before, after, matchedBy }: SessionPair): SessionChangeReport {
  const [old, fresh] = [namesOf(before), namesOf(after)]
  const has = (names: readonly FindingNameReport[], { id }: FindingNameReport): boolean =>
    names.some((name) => name.id === id)
  return {
    change: changeOf(before, after),
    before: before && describeSession(before),
    after: after && describeSession(after),
    matchedBy,
    findings: {
      went: old.filter((name) => !has(fresh, name)),
      came: fresh.filter((name) => !has(old, name)),
      stayed: fresh.filter((name) => has(old, name)),
    },
    transfers: diffTransfers(before, after),
  }
}

/** The worse, the lower. */
const RANKS: Readonly<Record<Exclude<Outcome, 'undetermined'>, number>> = { failed: 0, degraded: 1, ok: 2 }

function changeOf(before: SessionReport | null, after: SessionReport | null): Change {
  if (!before) return 'new'
  if (!after) return 'gone'
  const [old, fresh] = [before.verdict.outcome, after.verdict.outcome]
  if (old === 'undetermined' || fresh === 'undetermined') return old === fresh ? 'same' : 'unclear'
  const difference = RANKS[fresh] - RANKS[old] || before.transfers.failed - after.transfers.failed
  return difference === 0 ? 'same' : difference > 0 ? 'better' : 'worse'
}

/** Each finding of a session once, as severe as its severest. */
function namesOf(session: SessionReport | null): FindingNameReport[] {
  const names = new Map<string, FindingNameReport>()
  for (const { id, title, severity } of session?.findings ?? []) {
    const known = names.get(id)
    if (!known || rank(severity) < rank(known.severity)) names.set(id, { id, title, severity })
  }
  return [...names.values()].sort((a, b) => rank(a.severity) - rank(b.severity))
}

function rank(severity: FindingReport['severity']): number {
  return SEVERITIES.indexOf(severity)
}

function describeSession(session: SessionReport): RunSessionReport {
  const { id, client, server, user, start, verdict, transfers } = session
  const { outcome, cause, sentence } = verdict
  return { id, client, server, user, start, outcome, cause, sentence, transfers, times: timesOf(session) }
}

function summaryOf(sessions: readonly SessionChangeReport[]): DiffSummary {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>
  for (const { change } of sessions) counts[change]++
  const isNewFailure = sessions.some(({ change, after }) => change === 'new' && after?.outcome === 'failed')
  return { isWorse: counts.worse + counts.gone > 0 || isNewFailure, ...counts }
}

function findingChanges(before: Analysis, after: Analysis): FindingChangeReport[] {
  const [old, fresh] = [sessionsByFinding(before), sessionsByFinding(after)]
  const ids = new Set([...old.keys(), ...fresh.keys()])
  const order: readonly FindingChangeReport['change'][] = ['went', 'came', 'stayed']
  return [...ids]
    .map((id): FindingChangeReport => {
      const [was, is] = [old.get(id), fresh.get(id)]
      const { title, severity } = (is ?? was)!.name
      const change = !is ? 'went' : !was ? 'came' : 'stayed'
      return { id, title, severity, change, before: was?.sessions ?? 0, after: is?.sessions ?? 0 }
    })
    .sort(
      (a, b) => order.indexOf(a.change) - order.indexOf(b.change) || rank(a.severity) - rank(b.severity) || byId(a, b),
    )
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}

function sessionsByFinding({
  sessions,
  findings,
}: Analysis): Map<string, { name: FindingNameReport; sessions: number }> {
  const found = new Map<string, { name: FindingNameReport; sessions: number }>()
  const ofCapture = findings.map(({ id, title, severity }) => [{ id, title, severity }])
  for (const names of [...sessions.map((session) => namesOf(session)), ...ofCapture]) {
    for (const name of names) {
      const known = found.get(name.id)
      if (!known) found.set(name.id, { name, sessions: 1 })
      else {
        known.sessions++
        if (rank(name.severity) < rank(known.name.severity)) known.name = name
      }
    }
  }
  return found
}
