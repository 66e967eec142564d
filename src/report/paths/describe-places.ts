import type { InputFiles } from '../../capture/input-files.js'
import type { Clock } from '../../capture/time.js'
import type { Session } from '../../correlate/model.js'
import type { HeldPlace } from '../../correlate/places/held-places.js'
import { joinSessions } from '../../correlate/places/join-sessions.js'
import { type FindingId, groupOf } from '../../diagnose/catalogue.js'
import { totalsOf } from '../../diagnose/facts/session-traits.js'
import { type Judgement, judge } from '../../diagnose/judge.js'
import { SEVERITIES } from '../../diagnose/rule.js'
import { judgePath } from '../../diagnose/places/judge-path.js'
import type { FindingReport, SessionPathReport } from '../contract.js'
import { describeFindings, describeSession, describeVerdict, type PathShare } from '../describe/describe.js'
import type { HostNames } from '../describe/host-names.js'
import type { EndedSession } from '../summary/analysis-builder.js'
import { describeSessionPath } from './describe-session-path.js'

export interface PlacesContext {
  clock: Clock
  files: InputFiles
  names: HostNames
  showSecrets: boolean
}

/** Joins, judges and describes the sessions that were held until all places had been read. */
export function describePlaces(
  places: readonly HeldPlace[],
  context: PlacesContext,
): { sessions: EndedSession[]; paths: SessionPathReport[] } {
  const { files } = context
  const { epoch } = context.clock
  const { paths, clocks } = joinSessions(places, files)
  const sessions: EndedSession[] = []
  const joined = new Set<Session>()
  const add = (judgement: Judgement, share?: PathShare): void => {
    const { session } = judgement
    joined.add(session)
    sessions.push({ report: describeSession(judgement, context, share), totals: totalsOf(session) })
  }
  const reports = paths.map((path) => {
    const { chosen, all } = judgePath(path, epoch)
    const worded = describeFindings(chosen, files)
    const verdict = describeVerdict(chosen, worded, context)
    for (const judgement of all) {
      if (!judgement) continue
      const findings =
        judgement === chosen ? worded : sharedFindings(worded, verdict.cause, describeFindings(judgement, files))
      add(judgement, { path: path.id, verdict, findings, transfers: chosen.facts.transfers })
    }
    // That a capture has the rest only of what another place has whole is no fault of the capture.
    for (const session of path.continued)
      add(judge(session, epoch), { path: path.id, verdict, findings: worded, transfers: chosen.facts.transfers })
    return describeSessionPath(path, verdict, { ...context, clocks })
  })
  for (const place of places) for (const session of place.sessions) if (!joined.has(session)) add(judge(session, epoch))
  return { sessions, paths: reports }
}

/** What the verdict's place shows, and what concerns the capture of another place only. */
function sharedFindings(
  chosen: readonly FindingReport[],
  cause: string | null,
  own: readonly FindingReport[],
): FindingReport[] {
  const ids = new Set(chosen.map(({ id }) => id))
  const rest = own.filter(({ id, severity }) => !ids.has(id) && (severity === 'info' || isCaptureFault(id)))
  const kept = chosen.filter(({ id }) => id === cause || !isCaptureFault(id))
  return [...kept, ...rest].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

function isCaptureFault(id: string): boolean {
  return groupOf(id as FindingId) === 'Capture quality'
}
