import type { Session } from '../../../correlate/model.js'
import { type Dialogue, FROM_CLIENT, type Reply, hiddenFrom } from '../../../ftp/model.js'
import type { ReplyInExchange } from '../../facts/control.js'
import { isEstablished } from '../../facts/passive.js'
import { means } from '../../facts/phrases.js'
import {
  saysHandshakeFailed,
  saysLoginFailure,
  saysOops,
  saysTooMany,
  type ServerFault,
  serverFault,
} from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { faultRemedies } from '../../remedies/server-faults.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
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

/** A 421, a refusal instead of the greeting, or vsftpd's 500 OOPS. */
export interface ServiceClosed extends Fact, Ends {
  kind:
    | 'instead-of-greeting'
    | 'unasked'
    | 'in-answer'
    | /** It failed without judging the login. */ 'at-login'
    | /** In clear text, and what it answers is under TLS. */ 'outside-tls'
  reply: ReplyFact
  /** The command that it answers; `null` if it was unsolicited. */
  command: CommandFact | null
  /** What is wrong on the server itself, by its words; `null` if they name nothing. */
  fault: ServerFault | 'other' | null
  /** It is being shut down or maintained, by its words. */
  shutDown: boolean
}

/** A 120 that is not followed by a 220. */
export interface NeverReady extends Fact, Ends {
  kind: 'never-ready'
  reply: ReplyFact
}

export const serviceUnavailable = defineRule<ServiceClosed | NeverReady>({
  id: 'service-unavailable',
  title: 'service not available',
  severity: 'error',
  side: 'server',
  level: 'aftermath',
  explains: ['command-unanswered', 'control-reset', 'greeting-missing'],
  references: ['RFC 959 §4.2.1 (4yz, 5yz), §4.2.2 (120, 421), §5.4'],
  samples: { reports: 'made/service-unavailable.pcap', silent: 'made/service-unavailable--silent.pcap' },

  needs: ['troubled'],
  *check(_session, facts) {
    const found = closed(facts) ?? neverReady(facts)
    if (found) yield found
  },

  texts: {
    title: ({ kind }) => (kind === 'at-login' ? 'server fails at the login' : null),
    message(fact) {
      const server = endpointWords(fact.server)
      const reply = `"${replyWords(fact.reply)}"`
      if (fact.kind === 'never-ready') return `${server} told ${fact.client} to wait, ${reply}, but never became ready.`
      if (fact.kind === 'at-login') {
        const failed = `${server} failed at the login from ${fact.client}, in reply to ${fact.command!.command}: ${reply}`
        return `${failed}. Neither the password nor the network is the cause.`
      }
      if (fact.kind === 'outside-tls') {
        const said = `${server} closed the connection from ${fact.client}, and said so in clear text`
        return `${said}, outside of TLS, which hides the command that it answers: ${reply}.`
      }
      const answer = fact.command ? `in reply to ${fact.command.command}` : 'without being asked'
      const when = fact.kind === 'instead-of-greeting' ? 'instead of sending a greeting' : answer
      return `${server} closed the connection from ${fact.client} ${when}: ${reply}.`
    },
  },

  remedy(fact, { serverSoftware }) {
    const { kind, client, server } = fact
    const { address } = server
    const software = serverSoftware === null ? '' : ` (${serverSoftware})`
    if (fact.kind === 'never-ready') return ["check the server's log at that time"]
    if (fact.fault) return faultRemedies(fact.fault, serverSoftware)
    if (fact.shutDown)
      return [
        `on ${address}${software}: end the shutdown or maintenance (ProFTPD: ftpshut -R, which removes /etc/shutmsg), or wait ` +
          'until it is over',
      ]
    if (kind !== 'instead-of-greeting')
      return [`on ${address}${software}: the server's log at that time gives the reason`]
    const rules = [
      '/etc/hosts.allow and hosts.deny with vsftpd tcp_wrappers=YES',
      'ProFTPD <Limit LOGIN>',
      'IIS FTP IP Address and Domain Restrictions',
    ]
    const reasons = [
      `access rules by address (${rules.join(', ')})`,
      `a ban of ${client} (fail2ban, autoban)`,
      "or a server that is shutting down (ProFTPD ftpshut, /etc/shutmsg); the server's log gives the reason",
    ]
    return [`on ${address}: check ${reasons.join(', ')}`]
  },
})

const LOGIN_VERBS: ReadonlySet<string | null> = new Set(['USER', 'PASS', 'ACCT', 'ADAT'])

/** The first such reply that is not due to a timer, a limit, or a missing data connection. */
function closed({
  session,
  replies,
  greeting,
  expiredTimer,
  closing,
  lacksWords,
}: SessionFacts): Observation<ServiceClosed> | null {
  // A server without its data connection gives up with a 421, too: the fate of that connection is more informative.
  const withoutData = new Set(
    session.channels.filter((channel) => !isEstablished(channel)).map(({ transfer }) => transfer?.command.exchange),
  )
  // The greeting may be among what the capture lacks.
  const refused = !lacksWords && isRefusedAtOnce(session, replies[0]) ? replies[0]!.reply : null
  const clientLeft = closing?.direction === FROM_CLIENT ? closing.time : Infinity
  const said = replies.find(
    ({ exchange, reply }) =>
      (reply.code === 421 ||
        reply === refused ||
        (saysOops(reply) && (reply.time < clientLeft || isOwnFault(reply)) && !LOGIN_VERBS.has(exchange.command)) ||
        (failedAtLogin(exchange, reply) && session.dialogue.login !== 'accepted')) &&
      reply !== expiredTimer?.reply &&
      // Without its words, the reason is not known.
      !reply.clipped &&
      !saysTooMany(reply) &&
      !saysHandshakeFailed(reply) &&
      exchange.command !== 'QUIT' &&
      !withoutData.has(exchange),
  )
  if (!said) return null
  const { exchange, reply } = said
  const asked = exchange.command !== null
  return {
    fact: {
      kind: kindOf(session, said, greeting !== null),
      ...endsOf(session),
      reply: replyFact(reply),
      command: asked ? commandFact(exchange) : null,
      fault: serverFault(reply),
      shutDown: means(reply.text, 'shut-down'),
    },
    confidence: 'high',
    evidence: [replyEvidence(reply), ...(asked ? [commandEvidence(exchange)] : [])],
  }
}

/** A fault of its own: vsftpd also reports that it cannot read from, or write to, a client that has left. */
function isOwnFault(reply: Reply): boolean {
  const fault = serverFault(reply)
  return fault !== null && fault !== 'other' && fault !== 'child-died'
}

function kindOf({ dialogue }: Session, { exchange, reply }: ReplyInExchange, greeted: boolean): ServiceClosed['kind'] {
  if (failedAtLogin(exchange, reply)) return 'at-login'
  if (exchange.command !== null) return 'in-answer'
  if (isOutsideTls(dialogue, reply)) return 'outside-tls'
  return greeted ? 'unasked' : 'instead-of-greeting'
}

/** TLS that was not decrypted precedes it. */
function isOutsideTls(dialogue: Dialogue, reply: Reply): boolean {
  const hidden = hiddenFrom(dialogue)
  return hidden !== null && hidden.time <= reply.time && Boolean(dialogue.tls?.serverHello)
}

function failedAtLogin({ command }: ReplyInExchange['exchange'], reply: Reply): boolean {
  return LOGIN_VERBS.has(command) && saysLoginFailure(reply)
}

/** A negative reply instead of the greeting (RFC 959 §5.4 has 421 for it; servers send 500, 530 and others as well). */
function isRefusedAtOnce({ control, dialogue }: Session, first: ReplyInExchange | undefined): boolean {
  if (!first || control.midstream || dialogue.otherProtocol) return false
  // Under TLS it is not the first, but the first in clear text.
  if (isOutsideTls(dialogue, first.reply)) return false
  return first.exchange.command === null && first.reply.code >= 400 && first.reply.code < 600
}

function neverReady({ session, replies, greeting }: SessionFacts): Observation<NeverReady> | null {
  const announced = replies.find(({ exchange, reply }) => exchange.command === null && reply.code === 120)?.reply
  if (!announced || greeting || session.cutOff || hiddenFrom(session.dialogue)) return null
  const { last } = session.control
  return {
    fact: { kind: 'never-ready', ...endsOf(session), reply: replyFact(announced) },
    confidence: 'high',
    evidence: [replyEvidence(announced), at(last, closeNote(announced, last.time))],
  }
}

function closeNote(announced: Reply, end: number): string {
  return `the connection ended ${((end - announced.time) / 1e9).toFixed(1)} s later, without a 220`
}
