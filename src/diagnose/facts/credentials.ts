/** Passwords that crossed the network in clear text. */
import { finalReply } from '../../ftp/model.js'
import type { Session } from '../../correlate/model.js'
import type { Exchange, Reply } from '../../ftp/model.js'
import { saysLoginFailure, serverFault } from './server-words.js'

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
    logins.push({ user, pass: exchange, accepted: verdictOn(user, exchange) })
  }
  const last = logins.at(-1)
  // The reply is missing, and what followed shows that it was an acceptance.
  if (last?.accepted === null && !finalReply(last.pass) && dialogue.login === 'accepted') last.accepted = true
  return logins
}

/** Whether the password was accepted; `null` if no reply was captured, or one about something else. */
function verdictOn(user: Exchange, pass: Exchange): boolean | null {
  const reply = finalReply(pass)
  // The user needed no password, and a 503 says so.
  if (isLoggedIn(finalReply(user))) return true
  if (!reply || reply.code === 421 || saysLoginFailure(reply) || serverFault(reply) !== null) return null
  // 332 asks for an account as well: the password was correct (RFC 959 §5.4). 331 asks for another one.
  return reply.code === 331 ? null : reply.code < 300 || reply.code === 332
}

function isLoggedIn(reply: Reply | null): boolean {
  return reply?.code === 230 || reply?.code === 232
}

/** RFC 1635: what an anonymous user gives as password is no secret. */
export function isAnonymous(user: Exchange): boolean {
  return ['anonymous', 'ftp'].includes(user.argument?.trim().toLowerCase() ?? '')
}
