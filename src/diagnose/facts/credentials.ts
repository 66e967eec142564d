/** Passwords that crossed the network in clear text. */
import { finalReply } from '../../ftp/model.js'
import type { Session } from '../../correlate/model.js'
import type { Exchange } from '../../ftp/model.js'

/** A USER and the PASS after it, both in clear text. */
export interface ClearLogin {
  user: Exchange
  pass: Exchange
  /** Whether the server accepted it; `null` if no reply was captured. */
  accepted: boolean | null
}

/** Every login of a session that can be read in the capture, which excludes those under TLS. */
export function clearLogins({ dialogue }: Session): ClearLogin[] {
  if (dialogue.otherProtocol) return []
  const until = dialogue.opaqueFrom && !dialogue.clearAgain ? dialogue.opaqueFrom.frame : Infinity
  const logins: ClearLogin[] = []
  let user: Exchange | null = null
  for (const exchange of dialogue.exchanges) {
    if (exchange.frame >= until) break
    if (exchange.command === 'USER') user = exchange
    if (exchange.command !== 'PASS' || !user) continue
    const reply = finalReply(exchange)
    // 332 asks for an account as well: the password was correct (RFC 959 §5.4).
    logins.push({ user, pass: exchange, accepted: reply && (reply.code < 300 || reply.code === 332) })
  }
  return logins
}

/** RFC 1635: what an anonymous user gives as password is no secret. */
export function isAnonymous(user: Exchange): boolean {
  return ['anonymous', 'ftp'].includes(user.argument?.trim().toLowerCase() ?? '')
}
