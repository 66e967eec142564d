import type { OpenSession } from './open-session.js'

/** A session is judged so long after its control connection has closed, unless data still flows. */
export const LINGER_NS = 5e9
/** The same after a RST that its receiver may not have taken: the maximum segment lifetime (RFC 9293 §3.4.1). */
const DOUBTFUL_LINGER_NS = 120e9
/** Silence after which an unanswered control connection is judged: longer than between a host's last two SYNs. */
export const UNANSWERED_NS = 130e9
/** A data connection that is silent for this long is not waited for. */
const DATA_IDLE_NS = 60e9

/**
 * Whether a session is over at `now`: `null` when it is, otherwise the time at which to ask again; `Infinity` while
 * only the close of its control connection can end it.
 */
export function nextCheck(session: OpenSession, now: number): number | null {
  const { control } = session
  const doubtful = control.doubtfullyReset
  if (!control.closed && !doubtful) {
    const answered = control.flows[1].packets > 0
    if (answered) return Infinity
    return now - control.last.time >= UNANSWERED_NS ? null : control.last.time + UNANSWERED_NS
  }
  const flowing = session
    .dataConnections()
    .some((connection) => !connection.closed && now - connection.last.time < DATA_IDLE_NS)
  if (flowing) return now + LINGER_NS
  const linger = doubtful ? DOUBTFUL_LINGER_NS : LINGER_NS
  return now - control.last.time < linger ? control.last.time + linger : null
}
