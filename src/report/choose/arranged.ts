import type { Analysis, SessionReport } from '../contract.js'
import type { ReportFormat } from '../format.js'
import { JoinedSessions } from '../place/joined-sessions.js'
import { WholeAnalysis } from '../whole-analysis.js'
import { FIELDS } from './fields.js'

/** In which order sessions are shown, and how many of them. */
export interface Arrangement {
  /** A field; descending after a minus. */
  sort?: string
  limit?: number
}

/** A format whose report has the sessions in that order, up to the limit. */
export function arrangedFormat(format: ReportFormat, arrangement: Arrangement): ReportFormat {
  return (options) => {
    // What is taken is known before it is arranged.
    const inner = format({ ...options, takes: () => true })
    return new WholeAnalysis((analysis) => inner.end(arranged(analysis, arrangement)), options)
  }
}

/** Of the sessions of a path, the one that lists show has its place; the others follow it. */
export function arranged(analysis: Analysis, { sort, limit }: Arrangement): Analysis {
  const joined = new JoinedSessions(analysis)
  const rows = sort === undefined ? [...joined.rows] : joined.rows.toSorted(comparing(sort))
  const kept = rows.slice(0, limit)
  const sessions = kept.flatMap((row) => joined.idsOf(row).flatMap((id) => joined.sessionOf(id) ?? row))
  const taken = new Set(sessions.map(({ path }) => path))
  const { paths, ...rest } = analysis
  const left = paths?.filter(({ id }) => taken.has(id)) ?? []
  return { ...rest, sessions, ...(left.length > 0 && { paths: left }) }
}

function comparing(sort: string): (a: SessionReport, b: SessionReport) => number {
  const isDescending = sort.startsWith('-')
  const field = FIELDS[isDescending ? sort.slice(1) : sort]!
  const valueOf = (session: SessionReport): string | number | null =>
    field.of(session).find((value) => value !== null && value !== undefined) ?? null
  return (a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)]
    // Sessions without a value come last either way.
    if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0)
    const order = left < right ? -1 : left > right ? 1 : 0
    return isDescending ? -order : order
  }
}
