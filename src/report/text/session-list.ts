import { plural } from './units.js'

const LISTED_SESSIONS = 6

/** "session 4", "sessions 1, 2, 3", "20 sessions (1, 2, 3, 4, 5, 6 …)"; `count` of them if `ids` are the first only. */
export function sessionList(ids: readonly number[], count = ids.length): string {
  if (count === 1) return `session ${ids[0]!}`
  const listed = ids.slice(0, LISTED_SESSIONS).join(', ')
  return count > LISTED_SESSIONS ? `${plural(count, 'session')} (${listed} …)` : `sessions ${listed}`
}
