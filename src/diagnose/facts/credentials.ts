/** Passwords that crossed the network in clear text. */
import { type Exchange, finalReply, type Reply } from '../../ftp/model.js'
import { secretArgument } from '../../ftp/secrets/secret-arguments.js'
import { canonicalVerb, isKnownVerb } from '../../ftp/verbs.js'
import type { Session } from '../../correlate/model.js'
import { saysLoginFailure, serverFault } from './server-words.js'

/** A USER and the password after it, both in clear text; one exchange if the line with the name has both. */
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
    if (!user || exchange.encrypted || !carriesPassword(exchange)) continue
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

/** PASS, or what the server took for it: one of its other spellings, or a line with the password alone. */
function carriesPassword(exchange: Exchange): boolean {
  const { command, argument } = exchange
  if (command === null) return false
  const code = finalReply(exchange)?.code ?? null
  // 331 asks for the password once more: it was not in this line.
  if (command === 'PASS') return code !== 331 || (argument ?? '').trim() !== ''
  const judged = code !== null && JUDGEMENTS.has(code)
  if (command === 'USER') return judged && code < 300 && secretArgument(command, argument) !== null
  return judged && (canonicalVerb(command) === 'PASS' || !isKnownVerb(command))
}

/** The server accepts or rejects a password (RFC 959 §5.4, RFC 2228 §5.1). */
const JUDGEMENTS = new Set([230, 232, 332, 430, 530])

/** RFC 1635: what an anonymous user gives as password is no secret. */
export function isAnonymous(user: Exchange): boolean {
  return ['anonymous', 'ftp'].includes(user.argument?.trim().toLowerCase() ?? '')
}
