import type { Session, SessionOfSameHosts } from '../../../correlate/model.js'
import { FROM_SERVER } from '../../../ftp/model.js'
import { isOpened } from '../../facts/control.js'
import { type LimitScope, limitScope, saysTooMany } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { raisedLimit, SCOPE_WORDS } from '../../remedies/connection-limits.js'
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

/** The server states that there are too many connections. */
export interface StatedLimit extends Fact, Ends {
  kind: 'stated'
  reply: ReplyFact
  /** What the limit counts. */
  scope: LimitScope
  /** Control connections that the client already had open when this one began. */
  parallel: number
}

/** The server states nothing: the SYN of one more connection was answered with RST or not at all. */
export interface SuspectedLimit extends Fact, Ends {
  kind: 'suspected'
  parallel: number
  answer: 'rst' | 'none'
  /** SYNs sent. */
  tries: number
}

/** With this many simultaneous connections a limit is more likely than a server that has stopped. */
const PARALLEL = 2
/** Parallel connections listed as evidence. */
const SHOWN = 5

export const connectionLimit = defineRule<StatedLimit | SuspectedLimit>({
  id: 'connection-limit',
  title: 'too many connections',
  severity: 'error',
  side: 'server',
  level: 'cause',
  references: ['RFC 959 §4.2.2 (421, 530)'],
  samples: { reports: 'made/connection-limit.pcap', silent: 'made/connection-limit--silent.pcap' },

  needs: ['troubled'],
  *check(session, facts) {
    const said = facts.replies.find(({ reply }) => saysTooMany(reply))
    if (!said) {
      yield* turnedAway(session, facts)
      return
    }
    const { exchange, reply } = said
    // A user who logged in at the second attempt was not locked out.
    if (session.dialogue.login === 'accepted' && reply.code !== 421) return
    const parallel = facts.parallelSessions
    yield {
      fact: {
        kind: 'stated',
        ...endsOf(session),
        reply: replyFact(reply),
        scope: limitScope(reply.text),
        parallel: parallel.length,
      },
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

  remedy(fact, { serverSoftware }) {
    const scope = fact.kind === 'stated' ? fact.scope : 'host'
    const clients = [
      'lftp: set net:connection-limit 2',
      'FileZilla: site manager, limit number of simultaneous connections',
      'curl: --parallel-max',
    ].join('; ')
    const firewalls = 'iptables connlimit, nftables ct count, an embryonic connection limit'
    return [
      `in the client: use fewer simultaneous connections (${clients})`,
      ...(scope === 'user'
        ? ['or end other sessions of the same user: those of a client that broke down stay open for a while']
        : []),
      `or ${raisedLimit(scope, serverSoftware)}`,
      ...(fact.kind === 'suspected'
        ? [`or in a firewall in front of it: raise the limit per source address (${firewalls})`]
        : []),
    ]
  },
})

function statedWords({ client, server, reply, scope, parallel }: Shown<StatedLimit>): string {
  const limit = scope === 'server' ? '' : ` The limit applies ${SCOPE_WORDS[scope]}.`
  const refused = `${endpointWords(server)} refused ${client}: "${replyWords(reply)}".${limit}`
  const connections = parallel === 1 ? 'control connection' : 'control connections'
  const others = ` The client had ${parallel} other ${connections} open to it at that time.`
  return `${refused}${parallel > 0 ? others : ''}`
}

function suspectedWords({ client, server, parallel, answer, tries }: Shown<SuspectedLimit>): string {
  const open = `${client} had ${parallel} control connections open to ${endpointWords(server)}`
  const met = answer === 'rst' ? 'was refused with RST' : `was not answered (sent ${times(tries)})`
  const limit = `a firewall or the server allows ${parallel} simultaneous connections`
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
  if (!reset && (tries < 2 || control.flows[FROM_SERVER].packets > 0 || facts.olderTimestamp(control))) return
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
      at({ frame: firstFrame }, `connection from port ${clientPort}, open at that time`),
    )
}
