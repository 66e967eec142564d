import type { Analysis } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { JoinedSessions } from './joined-sessions.js'

/** The analysis with the sessions that a report takes; a path is taken with all its sessions, or not at all. */
export function takenFrom(analysis: Analysis, takes: ReportOptions['takes']): Analysis {
  const joined = new JoinedSessions(analysis)
  const sessions = analysis.sessions.filter((session) => takes(session, joined.idsOf(session)))
  if (!analysis.paths || sessions.length === analysis.sessions.length) return { ...analysis, sessions }
  const taken = new Set(sessions.map(({ path }) => path))
  const { paths, ...rest } = analysis
  const left = paths.filter(({ id }) => taken.has(id))
  return { ...rest, sessions, ...(left.length > 0 ? { paths: left } : {}) }
}
