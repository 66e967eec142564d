import type { SessionReport } from '../contract.js'
import type { ReportOptions } from '../format.js'
import { sessionList } from './also-seen.js'
import { OUTCOME_WORDS } from './outcome.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

/** Causes that are told apart. */
const LISTED_CAUSES = 20

/** Sessions that are not ok but whose details would make the report too long: how many, and which, by cause. */
export function* leftOut(sessions: readonly SessionReport[], { width, style }: ReportOptions): Iterable<string> {
  if (sessions.length === 0) return
  yield ''
  yield style.heading(`${plural(sessions.length, 'more session')} not ok`) + '   (--session N shows one in full)'
  const byCause = new Map<string, number[]>()
  for (const { id, verdict } of sessions) {
    const key = `${OUTCOME_WORDS[verdict.outcome]}  ${verdict.cause ?? 'no single cause'}`
    const ids = byCause.get(key)
    if (ids) ids.push(id)
    else byCause.set(key, [id])
  }
  const causes = [...byCause].sort(([, a], [, b]) => b.length - a.length)
  for (const [cause, ids] of causes.slice(0, LISTED_CAUSES)) yield* hang(' ', 1, `${cause}: ${sessionList(ids)}`, width)
  const more = causes.length - LISTED_CAUSES
  if (more > 0) yield ` and ${plural(more, 'more cause')}`
}
