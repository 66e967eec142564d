import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, type Reply, hiddenFrom } from '../../../ftp/model.js'
import { canonicalVerb } from '../../../ftp/verbs.js'
import type { ReplyInExchange } from '../../facts/control.js'
import {
  type LoginObstacle,
  loginObstacle,
  saysLoginFailure,
  type ServerFault,
  serverFault,
} from '../../facts/server-words.js'
import { OBSTACLE_REMEDIES } from '../../remedies/login-remedies.js'
import { faultRemedies } from '../../remedies/server-faults.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { commandEvidence, replyEvidence, type ReplyFact, replyFact, replyWords } from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

/** USER, PASS or ACCT refused. */
export interface RejectedLogin extends Fact, Ends {
  /** Whether a later login succeeded. */
  kind: 'rejected' | 'accepted-later'
  /** The argument of USER; `null` if it was not captured. */
  user: Quote | null
  /** The last refusal, and how many there were. */
  reply: ReplyFact
  refusals: number
  /** The server was replying to ACCT. */
  account: boolean
  /** USER was sent without a name, or with what programs write in place of one. */
  unnamed: boolean
  /** What is wrong on the server itself, by its words; `null` if they name nothing. */
  fault: ServerFault | 'other' | null
  /** The server was replying to ADAT: it refused the security exchange of Kerberos (RFC 2228). */
  securityExchange: boolean
  /** Another reason than a wrong password, by the server's words; `null` if they name none. */
  obstacle: LoginObstacle | null
}

const LOGIN_VERBS: ReadonlySet<string> = new Set(['USER', 'PASS', 'ACCT'])

export const loginRejected = defineRule<RejectedLogin>({
  id: 'login-rejected',
  title: 'login rejected',
  severity: 'error',
  side: 'client',
  level: 'symptom',
  spares: ['control-reset'],
  references: ['RFC 959 §4.1.1, §4.2.2 (530, 332, 532)'],
  samples: { reports: 'made/login-rejected.pcap', silent: 'made/login-rejected--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    const { login, user } = session.dialogue
    const accepted = login === 'accepted'
    // A subsequent login under TLS is not visible.
    if (hiddenFrom(session.dialogue) && !accepted) return
    const refusals = loginRefusals(session)
    const last = refusals.at(-1)
    if (!last) return
    const unnamed = isUnnamed(last.exchange, session)
    const fault = unnamed ? null : serverFault(last.reply)
    const obstacle = unnamed || fault ? null : loginObstacle(last.reply)
    yield {
      fact: {
        kind: accepted ? 'accepted-later' : 'rejected',
        ...endsOf(session),
        user: user === null ? null : new Quote(user),
        reply: replyFact(last.reply),
        refusals: refusals.length,
        account: last.exchange.command === 'ACCT',
        securityExchange: last.exchange.command === 'ADAT',
        unnamed,
        fault,
        obstacle,
      },
      severity: accepted ? 'info' : 'error',
      side: fault || (obstacle && !OF_CLIENT.has(obstacle)) ? 'server' : 'client',
      // The user may try again after the end of the capture.
      confidence: session.cutOff && !accepted ? 'medium' : 'high',
      evidence: [
        replyEvidence(last.reply),
        commandEvidence(last.exchange),
        ...refusals.slice(0, -1).map(({ reply }) => replyEvidence(reply)),
      ],
    }
  },

  texts: {
    title: ({ kind, fault }) => {
      if (kind === 'accepted-later') return 'login accepted at a later attempt'
      return fault === null ? null : "login fails by the server's settings"
    },
    message({ kind, client, server, user, reply, refusals, unnamed, securityExchange, fault }) {
      const empty = (user ?? '').trim() === ''
      const noName = empty ? 'with an empty user name' : `with the user name "${user}", which stands for no name,`
      const who = unnamed ? noName : securityExchange ? 'by GSSAPI' : `of ${userWords(user)}`
      const rejected = `${endpointWords(server)} rejected the login ${who} from ${client}`
      const count = refusals === 1 ? '' : ` (${refusals} refusals)`
      const cause =
        fault === null ? 'The network is not the cause' : 'Neither the password nor the network is the cause'
      const outcome = kind === 'rejected' ? `. ${cause}` : ', and accepted a later attempt'
      return `${rejected}: "${replyWords(reply)}"${count}${outcome}.`
    },
  },

  remedy({ user, unnamed, account, fault, obstacle, securityExchange }, { serverSoftware }) {
    if (securityExchange)
      return [
        'in the client: check its Kerberos ticket (klist) and its clock, and that it names the server as its key does',
        'on the server: check the key of ftp/HOST or host/HOST in its keytab (klist -k), and its clock',
      ]
    if (unnamed)
      return [
        'in the client: enter the user name (USER was sent without a name); "anonymous" on servers that admit everyone',
        'if one is entered, the client does not use it: look for a setting that a change of version has emptied',
      ]
    if (fault) return faultRemedies(fault, serverSoftware)
    if (obstacle) return OBSTACLE_REMEDIES[obstacle]
    if (account) return ['in the client: check the account that it sends with ACCT, after user name and password']
    const reasons = 'check for a shell that is not in /etc/shells, a list of allowed users, disabled anonymous access'
    const checks = serverRemedy(serverSoftware, reasons, (s) => s.loginChecks)
    return [
      `check the user name and password of ${userWords(user)}`,
      `the server's log gives the reason; settings that reject even a correct password, ${checks}`,
    ]
  },
})

/** Obstacles that the client can remove. */
const OF_CLIENT: ReadonlySet<LoginObstacle> = new Set(['host-name', 'anonymous-only', 'no-anonymous', 'unknown-user'])

function userWords(user: string | null): string {
  return user === null ? 'a user' : `user "${user}"`
}

/**
 * Refusals of USER, PASS or ACCT. A 421 closes the connection for other reasons, and a PASS after a login that needed
 * none is superfluous.
 */
function loginRefusals({ dialogue }: Session): ReplyInExchange[] {
  const { exchanges, login } = dialogue
  const accepted = login === 'accepted' ? exchanges.findLast(isAcceptance) : null
  // A client whose Kerberos is refused asks for a password.
  const later = exchanges.some(({ command }) => command === 'USER')
  return exchanges.flatMap((exchange) => {
    const reply = isLogin(exchange) || (exchange.command === 'ADAT' && !later) ? finalReply(exchange) : null
    if (accepted && exchange.frame > accepted.frame) return []
    return reply && reply.code >= 400 && reply.code !== 421 && !saysLoginFailure(reply) ? [{ exchange, reply }] : []
  })
}

function isLogin({ command }: Exchange): boolean {
  return command !== null && LOGIN_VERBS.has(canonicalVerb(command))
}

/** RFC 959 §5.4: 230, and 202 to PASS and ACCT; RFC 2228 §5.1: 232. */
function isAcceptance(exchange: Exchange): boolean {
  return isLogin(exchange) && exchange.replies.some(({ code }: Reply) => code === 230 || code === 232 || code === 202)
}

/** What a program sends whose user name was never set. */
const NO_NAME = /^(?:|\(?null\)?|undefined|none|nil|""|'')$/i

/** The last USER before a refusal, or that itself, names no user. */
function isUnnamed(refused: Exchange, { dialogue }: Session): boolean {
  const user = dialogue.exchanges.findLast(({ command, frame }) => command === 'USER' && frame <= refused.frame)
  // The capture may have only the beginning of its line, or TLS hides it.
  return user !== undefined && !user.clipped && NO_NAME.test((user.argument ?? '').trim())
}
