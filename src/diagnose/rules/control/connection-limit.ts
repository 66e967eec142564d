import type { Session, SessionOfSameHosts } from '../../../correlate/model.js'
import { FROM_SERVER } from '../../../ftp/model.js'
import { isOpened } from '../../facts/control.js'
import { saysTooMany } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import {
  at,
  commandEvidence,
  type Evidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { times } from '../../words/quantities.js'
import type { Shown } from '../../words/quote.js'

/** The server says that there are too many. */
interface StatedLimit extends Fact, Ends {
  kind: 'stated'
  reply: ReplyFact
  /** Control connections of the client that were open when this one began. */
  parallel: number
}

/** No word of the server: the SYN of one connection more than before got no answer, or a RST. */
interface SuspectedLimit extends Fact, Ends {
  kind: 'suspected'
  parallel: number
  answer: 'rst' | 'none'
  /** SYNs. */
  tries: number
}

/** So many connections at the same time make a limit likelier than a server that stopped. */
const PARALLEL = 2
/** Of them that are shown. */
const SHOWN = 5

export const connectionLimit = defineRule<StatedLimit | SuspectedLimit>({
  id: 'connection-limit',
  title: 'too many connections',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 959 §4.2.2 (421, 530)'],
  samples: { reports: 'made/connection-limit.pcap', silent: 'made/connection-limit--silent.pcap' },

  *check(session, facts) {
    const said = facts.replies.find(({ reply }) => saysTooMany(reply))
    if (!said) {
      yield* turnedAway(session, facts)
      return
    }
    const { exchange, reply } = said
    // A user who gets in at the second attempt was not kept out.
    if (session.dialogue.login === 'accepted' && reply.code !== 421) return
    const parallel = facts.parallelSessions
    yield {
      fact: { kind: 'stated', ...endsOf(session), reply: replyFact(reply), parallel: parallel.length },
      confidence: 'high',
      evidence: [
        replyEvidence(reply),
        ...(exchange.command === null ? [] : [commandEvidence(exchange)]),
        ...parallelEvidence(parallel),
      ],
    }
  },

  texts: {
    message: (fact) => (fact.kind === 'stated' ? statedWords(fact) : suspectedWords(fact)),
  },

  remedy({ kind }, { serverSoftware }) {
    const clients = [
      'lftp: set net:connection-limit 2',
      'FileZilla: site manager, limit number of simultaneous connections',
      'curl: --parallel-max',
    ].join('; ')
    const firewalls = 'iptables connlimit, nftables ct count, a limit of embryonic connections'
    return [
      `in the client: fewer connections at the same time (${clients})`,
      `or ${serverRemedy(serverSoftware, 'a higher limit', (s) => s.limits)}`,
      ...(kind === 'suspected' ? [`or in a firewall before it: a limit per source address (${firewalls})`] : []),
    ]
  },
})

function statedWords({ client, server, reply, parallel }: Shown<StatedLimit>): string {
  const turned = `${endpointWords(server)} turned ${client} away: "${replyWords(reply)}".`
  const others = ` The client had ${parallel} other control connections open to it at that time.`
  return `${turned}${parallel > 0 ? others : ''}`
}

function suspectedWords({ client, server, parallel, answer, tries }: Shown<SuspectedLimit>): string {
  const open = `${client} had ${parallel} control connections open to ${endpointWords(server)}`
  const met = answer === 'rst' ? 'was refused with RST' : `got no answer (sent ${times(tries)})`
  const limit = `a firewall or the server admits ${parallel} at the same time`
  return `${open}; the SYN of the next one ${met}: ${limit}.`
}

function* turnedAway(session: Session, facts: SessionFacts): Generator<Observation<SuspectedLimit>> {
  const { control } = session
  const parallel = facts.parallelSessions
  const [first, ...more] = synEvidence(control)
  if (!first || isOpened(control) || control.synAckAttempts > 0 || parallel.length < PARALLEL) return
  if (control.icmpErrors.some(({ quotesSyn }) => quotesSyn)) return
  const reset = control.resets.find(({ answersSyn }) => answersSyn)
  const tries = control.synAttempts
  if (!reset && (tries < 2 || control.flows[FROM_SERVER].packets > 0)) return
  yield {
    fact: {
      kind: 'suspected',
      ...endsOf(session),
      parallel: parallel.length,
      answer: reset ? 'rst' : 'none',
      tries,
    },
    side: 'server-network',
    confidence: 'medium',
    evidence: [
      first,
      ...more,
      ...(reset ? [resetEvidence(reset, session.server.address)] : []),
      ...parallelEvidence(parallel),
    ],
    rivals: [reset ? 'control-refused' : 'control-unanswered'],
  }
}

function parallelEvidence(parallel: readonly SessionOfSameHosts[]): Evidence[] {
  return parallel
    .slice(0, SHOWN)
    .map(({ firstFrame, clientPort }) =>
      at({ frame: firstFrame }, `the one from port ${clientPort}, open at that time`),
    )
}
