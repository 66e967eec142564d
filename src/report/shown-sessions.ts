import type { SessionReport } from './contract.js'
import type { ReportOptions } from './format.js'

/**
 * Rows of the table, and sessions shown in full: as many as a person still reads. `--all` and `--session` show the
 * others.
 */
const TABLE_ROWS = 100
const DETAILED_SESSIONS = 20

/** Which sessions a report for people shows, and how much of them. */
export interface ShownSessions {
  notOk: SessionReport[]
  /** Sessions listed in the table. */
  rows: readonly SessionReport[]
  /** Sessions shown in full. */
  detailed: readonly SessionReport[]
  /** There are more than a person reads one by one: the causes come first. */
  many: boolean
  withoutRow: number
  withoutDetails: number
}

/**
 * All sessions if there are few; of many, those that are not ok, and in full the first of each cause. A single session
 * is shown in full.
 */
export function shownSessions(
  sessions: readonly SessionReport[],
  { chosen, all }: Pick<ReportOptions, 'chosen' | 'all'>,
): ShownSessions {
  const notOk = sessions.filter(({ verdict }) => verdict.outcome !== 'ok')
  // Of a single session, its files are of interest even if all is well.
  const few = sessions.length === 1 ? sessions : notOk
  const many = !chosen && (notOk.length > DETAILED_SESSIONS || sessions.length > TABLE_ROWS)
  const rows = !many || all || sessions.length <= TABLE_ROWS ? sessions : notOk.slice(0, TABLE_ROWS)
  const detailed = chosen ? sessions : all || notOk.length <= DETAILED_SESSIONS ? few : firstOfEachCause(notOk)
  const withoutDetails = chosen ? 0 : Math.max(0, notOk.length - detailed.length)
  return { notOk, rows, detailed, many, withoutRow: sessions.length - rows.length, withoutDetails }
}

/** The others of a cause look like the first. */
function firstOfEachCause(notOk: readonly SessionReport[]): SessionReport[] {
  const first = new Map<string, SessionReport>()
  for (const session of notOk) {
    const key = causeKey(session)
    if (!first.has(key)) first.set(key, session)
  }
  return [...first.values()].slice(0, DETAILED_SESSIONS)
}

/** The same for sessions with the same outcome and cause. */
export function causeKey({ verdict }: SessionReport): string {
  return `${verdict.outcome} ${verdict.cause ?? ''}`
}

/** Selects the sessions for which a ladder is drawn: the first failure of each cause. */
export function ladderChoice(): (session: SessionReport) => boolean {
  const drawn = new Set<string>()
  return (session) => {
    const key = causeKey(session)
    if (session.verdict.outcome !== 'failed' || drawn.has(key)) return false
    drawn.add(key)
    return true
  }
}
