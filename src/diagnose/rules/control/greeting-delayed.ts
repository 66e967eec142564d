import { withCommands } from '../../remedies/commands.js'
import { FROM_CLIENT } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { type Ends, endpointWords, endsOf } from '../../words/ends.js'
import { at, type Evidence, replyEvidence, resetEvidence, synEvidence } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** A greeting that arrives long after the handshake. */
export interface DelayedGreeting extends Fact, Ends {
  /** The server waited for an answer to its ident query, it announced the delay with 120, or the reason is unknown. */
  kind: 'ident' | 'announced' | 'unexplained'
  /** From the end of the handshake to the 220. */
  delayNs: number
  /** The client had already closed the connection. */
  gaveUp: boolean
  /** SYNs of the ident query, if none was answered. */
  identTries: number
}

/** Slower than any process start; failing lookups take 5 s or more. */
const LATE_NS = 3e9

export const greetingDelayed = defineRule<DelayedGreeting>({
  id: 'greeting-delayed',
  title: 'greeting is delayed',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  references: ['RFC 959 §5.4', 'RFC 1413 (ident)'],
  samples: { reports: 'made/greeting-delayed.pcap', silent: 'made/greeting-delayed--silent.pcap' },

  *check(session, { greeting, closing, replies }) {
    const { control, dialogue, surroundings } = session
    const opened = control.established
    if (!greeting || !opened || control.midstream || dialogue.otherProtocol) return
    const delayNs = greeting.time - opened.time
    if (delayNs < LATE_NS) return
    const givenUp = closing?.direction === FROM_CLIENT && closing.time <= greeting.time ? closing : null
    const announced = replies.find(({ reply }) => reply.code === 120)?.reply
    const ident = surroundings.ident.find(isSilent)
    const asked = ident ?? surroundings.ident[0]
    yield {
      fact: {
        kind: ident ? 'ident' : announced ? 'announced' : 'unexplained',
        ...endsOf(session),
        delayNs,
        gaveUp: givenUp !== null,
        identTries: ident ? ident.synAttempts : 0,
      },
      severity: givenUp ? 'error' : 'warning',
      side: ident ? 'client-network' : 'server',
      confidence: ident || announced ? 'high' : 'medium',
      evidence: [
        replyEvidence(greeting, `${seconds(delayNs)} after the handshake`),
        at(opened, 'the handshake is complete'),
        ...(announced ? [replyEvidence(announced)] : []),
        ...(asked ? identEvidence(asked) : []),
        ...(givenUp ? [at(givenUp, 'the client closes')] : []),
      ],
    }
  },

  texts: {
    message(fact) {
      const late = fact.gaveUp ? ', when the client had already given up' : ''
      const delay = `arrived ${seconds(fact.delayNs)} after the handshake`
      return `The greeting from ${endpointWords(fact.server)} ${delay}${late}. ${reasonWords(fact)}`
    },
  },

  remedy({ kind, client }, { serverSoftware }) {
    return [
      serverRemedy(serverSoftware, 'disable lookups of the client', (s) => s.lookups),
      kind === 'ident'
        ? withCommands(
            "or make the client's firewall answer port 113 with a RST instead of dropping the SYN",
            ['iptables', 'iptables -I INPUT -p tcp --dport 113 -j REJECT --reject-with tcp-reset'],
            ['nftables', 'nft insert rule inet filter input tcp dport 113 reject with tcp reset'],
          )
        : `or give ${client} a reverse DNS entry that the server's resolver can reach`,
    ]
  },
})

function reasonWords({ kind, client, identTries }: DelayedGreeting): string {
  switch (kind) {
    case 'ident': {
      const unanswered = identTries === 1 ? 'its SYN was not answered' : `none of its ${identTries} SYNs was answered`
      return `Meanwhile the server sent an ident query to ${client}:113; ${unanswered}.`
    }
    case 'announced':
      return 'It had announced the delay with 120.'
    case 'unexplained': {
      const lookup = `a reverse DNS lookup of the client (${client}) that no DNS server answers`
      return `The usual cause is ${lookup}, or an overloaded host.`
    }
  }
}

/** Neither a handshake nor a RST: the server waits until its own timer expires. */
function isSilent({ synAckAttempts, resetCount }: Connection): boolean {
  return synAckAttempts === 0 && resetCount === 0
}

/** All SYNs of an unanswered query; otherwise the first one, and the RST if there is one. */
function identEvidence(query: Connection): Evidence[] {
  const syns = synEvidence(query)
  if (isSilent(query)) return syns
  const reset = query.resets[0]
  return [...syns.slice(0, 1), ...(reset ? [resetEvidence(reset, query.responder.address)] : [])]
}
