import type { Exchange } from '../model.js'
import { isProxyHeader } from '../proxy-header.js'
import { isPositive } from '../reply-codes.js'
import { needsLogin } from '../state/login.js'
import { canonicalVerb, isKnownVerb } from '../verbs.js'
import { isSecretVerb, isWrapper } from './secret-arguments.js'

/** Replies that judge or ask for a name or password (RFC 959 §4.2.2, RFC 2228 §5.1). */
const LOGIN_REPLIES = new Set([230, 232, 331, 332, 336, 430, 530])
/** What a verb unknown to us looks like: letters, as few as verbs have. */
const PLAIN = /^[A-Z]{2,8}$/

/**
 * Lines of the client that may be no command but a secret: what follows a `PASS` without argument or a 331, the rest of
 * a line whose beginning was not captured, anything unknown before a login.
 */
export function secretLines(exchanges: readonly Exchange[]): ReadonlySet<Exchange> {
  let lines = NONE
  let loggedIn = false
  let asked = false
  let named = false
  for (const exchange of exchanges) {
    const { command, argument, replies, form } = exchange
    const verb = command === null ? null : canonicalVerb(command)
    const known = verb !== null && (isKnownVerb(verb) || isWrapper(verb) || (argument !== null && isSecretVerb(verb)))
    if (verb !== null && !known && !isProxyHeader(exchange)) {
      const judged = replies.some(({ code }) => LOGIN_REPLIES.has(code))
      if (!loggedIn || asked || judged || !PLAIN.test(verb)) lines = withLine(lines, exchange)
    }
    const bare = verb === 'PASS' && (argument ?? '').trim() === ''
    // A password may begin with these letters, too, or be that word. PWD has no argument: it may stand for "password".
    if (
      form === 'glued' ||
      (!loggedIn && verb === 'PWD' && argument !== null) ||
      (command !== null && !isKnownVerb(command) && (bare || asked))
    )
      lines = withLine(lines, exchange)
    asked = bare
    if (verb === 'USER' || verb === 'REIN') {
      loggedIn = false
      named = true
    }
    // Where the login was not captured, a command that needs one shows that it succeeded.
    const acts = !named && needsLogin(verb)
    if (replies.some(({ code }) => code === 230 || code === 232 || (acts && isPositive(code)))) loggedIn = true
  }
  return lines
}

/** Nearly all dialogues have none. */
const NONE: ReadonlySet<Exchange> = new Set()

function withLine(lines: ReadonlySet<Exchange>, exchange: Exchange): ReadonlySet<Exchange> {
  return lines === NONE ? new Set([exchange]) : (lines as Set<Exchange>).add(exchange)
}
