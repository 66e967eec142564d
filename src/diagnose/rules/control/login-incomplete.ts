import type { Session } from '../../../correlate/model.js'
import { type Exchange, finalReply, type Reply, hiddenFrom } from '../../../ftp/model.js'
import { senderOf } from '../../facts/control.js'
import { lacksCommands } from '../../facts/holes.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type CommandFact,
  commandFact,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'

/** The server asked for the next step of a login, and the client did not take it. */
export interface IncompleteLogin extends Fact, Ends {
  kind: /** 332: ACCT is missing. */ 'account' | /** 331: PASS is missing. */ 'password'
  /** The command to which the server replied so. */
  command: CommandFact
  reply: ReplyFact
  /** Who closed the connection; `null` if the capture does not show it. */
  endedBy: 'client' | 'server' | null
}

const WANTED = { 331: 'password', 332: 'account' } as const
const LEFT = { client: ' and closed the connection', server: ', and the server closed the connection' }
const NEXT = { password: 'PASS', account: 'ACCT' }

export const loginIncomplete = defineRule<IncompleteLogin>({
  id: 'login-incomplete',
  title: 'login was not completed',
  severity: 'error',
  side: 'client',
  level: 'effect',
  references: ['RFC 959 §4.1.1 (USER, PASS, ACCT), §4.2.2 (331, 332), §5.4'],
  samples: { reports: 'made/login-incomplete.pcap', silent: 'made/login-incomplete--silent.pcap' },
  needs: ['irregular'],

  *check(session, facts) {
    const { login } = session.dialogue
    if (login !== 'unknown' || hiddenFrom(session.dialogue) || session.control.midstream || lacksCommands(session))
      return
    const { closing } = facts
    // The user may be typing when the capture ends.
    if (!closing && session.cutOff) return
    const asked = lastRequest(session)
    if (!asked || isRefused(facts)) return
    const { exchange, reply, kind } = asked
    yield {
      fact: {
        kind,
        ...endsOf(session),
        command: commandFact(exchange),
        reply: replyFact(reply),
        endedBy: closing ? senderOf(closing.direction) : null,
      },
      // A RST may be another's, or follow from a reply that never arrived.
      confidence: closing?.how === 'rst' ? 'medium' : 'high',
      evidence: [
        replyEvidence(reply),
        commandEvidence(exchange),
        ...(closing ? [at(closing, `the ${senderOf(closing.direction)} closes, no ${NEXT[kind]} was sent`)] : []),
      ],
    }
  },

  texts: {
    title: ({ kind }) => (kind === 'account' ? 'server wants an account (ACCT) to complete the login' : null),
    message({ kind, client, server, command, reply, endedBy }) {
      const asked = `${endpointWords(server)} replied to ${command.command} with "${replyWords(reply)}"`
      const left = endedBy === null ? '' : LEFT[endedBy]
      const wanted =
        kind === 'account'
          ? 'it wants ACCT as the next step of the login'
          : 'it wants PASS as the next step of the login'
      return `${asked}: ${wanted}, but ${client} did not send ${NEXT[kind]}${left}. The login was not completed.`
    },
  },

  remedy: ({ kind }) =>
    kind === 'account'
      ? [
          'in the client: set the account that the server wants; it is sent with ACCT (curl: --ftp-account; ' +
            'FileZilla: Site Manager, Logon Type Account; lftp: quote ACCT)',
          'or on the server: do not require an account for this user',
        ]
      : [
          'in the client: store or enter the password; without one it cannot complete the login',
          'no change needed if the user cancelled, or if a monitor only checks that the server answers',
        ],
})

/** The last command of the login whose reply asks for the next one, which the client did not send. */
function lastRequest({
  dialogue,
}: Session): { exchange: Exchange; reply: Reply; kind: IncompleteLogin['kind'] } | null {
  const exchange = dialogue.exchanges.findLast(
    ({ command }) => command === 'USER' || command === 'PASS' || command === 'ACCT',
  )
  const reply = exchange && finalReply(exchange)
  if (!reply || (reply.code !== 331 && reply.code !== 332)) return null
  return { exchange, reply, kind: WANTED[reply.code] }
}

/** The server itself ended the login with words that are not those of a timer. */
function isRefused({ replies, expiredTimer }: SessionFacts): boolean {
  return replies.some(
    ({ exchange, reply }) => exchange.command === null && reply.code >= 400 && reply !== expiredTimer?.reply,
  )
}
