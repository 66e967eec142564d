import { causeWords } from '../../report/cause.js'
import type { SessionReport } from '../../report/contract.js'
import { printable } from '../../report/text/printable.js'

const copies = new WeakMap<object, unknown>()

/**
 * A copy in which every text from the wire is safe to show: control characters and those that change the direction of
 * text appear as escapes.
 */
export function shown<T extends object>(value: T): T {
  const known = copies.get(value)
  if (known !== undefined) return known as T
  const copy = printable(value)
  copies.set(value, copy)
  return copy
}

/** What lists and timelines show of a session: everything but its dialogue. */
export function shownInList(session: SessionReport): Pick<SessionReport, ListedKey> {
  const known = listed.get(session)
  if (known) return known
  const { id, start, end, durationMs, user, verdict, transfers, client, server } = session
  const copy = printable({ id, start, end, durationMs, user, verdict, transfers, client, server })
  listed.set(session, copy)
  return copy
}

type ListedKey = 'id' | 'start' | 'end' | 'durationMs' | 'user' | 'verdict' | 'transfers' | 'client' | 'server'

const listed = new WeakMap<SessionReport, Pick<SessionReport, ListedKey>>()

/** The cause of a session's outcome in a few words, for tables. */
export function shownCause(session: SessionReport): string {
  return printable(causeWords(session))
}
