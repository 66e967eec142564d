import { hiddenFrom } from '../ftp/model.js'
import type { Connection, Flow } from '../tcp/connection.js'
import type { OpenSession } from './open-session.js'

/** So long after the last packet of connections that were closed in order, nothing more of them is under way. */
export const SETTLED_NS = 0.25e9
/**
 * The same where many wait for it, each with all that it holds: copies of a packet, and packets out of order, come
 * within milliseconds.
 */
export const SETTLED_OF_MANY_NS = 25e6
/** Any other session is judged so long after its control connection has closed, unless data still flows. */
const LINGER_NS = 5e9
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
export function nextCheck(session: OpenSession, now: number, settled = SETTLED_NS): number | null {
  const { control } = session
  const doubtful = control.doubtfullyReset
  if (!control.closed && !doubtful) {
    const answered = control.flows[1].packets > 0
    if (answered) return Infinity
    return now - control.last.time >= UNANSWERED_NS ? null : control.last.time + UNANSWERED_NS
  }
  const data: readonly Connection[] = session.dataConnections()
  const flowing = data.some((connection) => !connection.closed && now - connection.last.time < DATA_IDLE_NS)
  if (flowing) return now + LINGER_NS
  if (isSettled(session, data)) {
    const last = data.reduce((latest, each) => Math.max(latest, each.last.time), control.last.time)
    return now - last < settled ? last + SETTLED_NS : null
  }
  const quiet = doubtful ? DOUBTFUL_LINGER_NS : LINGER_NS
  return now - control.last.time < quiet ? control.last.time + quiet : null
}

/** All that was opened or announced was closed in order: both FINs of each connection are acknowledged. */
function isSettled(session: OpenSession, data: readonly Connection[]): boolean {
  if (!session.hasDialogue || session.doubtful || hiddenFrom(session.ftp.dialogue) !== null) return false
  if (session.expectations.some(({ answers }) => answers.length === 0)) return false
  return isClosedInOrder(session.control) && data.every(isClosedInOrder)
}

function isClosedInOrder({ resetCount, flows }: Connection): boolean {
  return resetCount === 0 && flows.every(isAcknowledged)
}

function isAcknowledged({ finOffset, acknowledged }: Flow): boolean {
  return finOffset >= 0 && acknowledged > finOffset
}
