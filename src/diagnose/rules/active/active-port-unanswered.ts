import { activeRemedy, lostReturnOf, returnPathRemedy } from '../../remedies/mode-remedies.js'
import { wasRewritten } from '../../facts/active.js'
import { blamesDataConnection } from '../../facts/server-words.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact, type Observation } from '../../rule.js'
import {
  announcementEvidence,
  commandEvidence,
  endpointText,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'
import { neverTried } from '../not-attempted.js'
import { lostReturnWords, type SilentPort, silentPorts, triesWords } from '../data-port.js'
import { openingTimerWords } from '../opening-timer.js'
import { silenceWords } from '../../words/silence.js'

/**
 * The server tried for some time in vain, by its words; its SYNs are not in a capture on the client's side of the NAT
 * that had rewritten the announcement.
 */
export interface RewrittenPort extends Fact {
  kind: 'rewritten'
  /** Address and port that were announced, as text. */
  target: string
  waitedNs: number
  reply: ReplyFact
}

/** A server that gives up sooner did not wait for an answer. */
const PATIENCE_NS = 5e9

export const activePortUnanswered = defineRule<SilentPort | RewrittenPort>({
  id: 'active-port-unanswered',
  title: 'active port is filtered',
  severity: 'error',
  side: 'client-network',
  level: 'effect',
  explains: ['active-not-attempted'],
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', 'RFC 1579 (why passive)'],
  samples: { reports: 'made/active-port-unanswered.pcap', silent: 'made/active-port-unanswered--silent.pcap' },
  needs: ['active', 'unfinished'],
  *check(_session, facts) {
    yield* silentPorts(facts, 'active')
    yield* rewrittenPorts(facts)
  },
  texts: {
    message(fact) {
      if (fact.kind === 'rewritten') {
        const accepted = `The server accepted ${fact.target}, which it does only for an address that it sees as the client's`
        const rewritten = `${accepted}: a NAT on the path rewrote the announcement`
        const tried = `The server then tried in vain for ${seconds(fact.waitedNs)}: "${replyWords(fact.reply)}"`
        return `${rewritten}. ${tried}; its SYNs do not pass that NAT, or a firewall on the client's side.`
      }
      const { kind, target, tries, spanNs, synAcks, atListener } = fact
      if (kind === 'half-open') {
        const proof = `the client's SYN,ACK was captured ${times(synAcks)} and never acknowledged`
        const lost = lostReturnWords(fact, 'client')
        return `The server's data connection to ${target} was never established: ${proof}. ${lost}`
      }
      const tried = `The server tried to open the data connection to the client's ${target}`
      const reached = " The SYNs reached the client's side, so the client host or its own firewall dropped them."
      const silence = `${silenceWords(fact)}.${atListener && !fact.answerLost ? reached : ''}`
      return `${tried} ${triesWords({ tries, spanNs })}; ${silence}${openingTimerWords(fact.timer)}`
    },
  },
  remedy: (fact, context) =>
    fact.kind === 'half-open'
      ? returnPathRemedy(lostReturnOf(context, 'active'), context)
      : activeRemedy(context, fact.kind === 'silent' && fact.atListener ? 'at-client' : 'before-client'),
})

function* rewrittenPorts(facts: SessionFacts): Generator<Observation<RewrittenPort>> {
  const { session, vantage } = facts
  if (vantage.at !== 'client') return
  for (const { channel, announcement, transfer, reply } of neverTried(facts, 'active')) {
    if (!reply || !blamesDataConnection(reply) || !wasRewritten(session, channel)) continue
    const asked = transfer?.command.exchange ?? announcement.exchange
    const waitedNs = reply.time - asked.time
    if (waitedNs < PATIENCE_NS) continue
    yield {
      fact: {
        kind: 'rewritten',
        target: endpointText(announcement.address, announcement.port),
        waitedNs,
        reply: replyFact(reply),
      },
      confidence: 'medium',
      evidence: [
        replyEvidence(reply),
        announcementEvidence(announcement),
        replyEvidence(announcement.reply!, 'accepted'),
        commandEvidence(asked),
      ],
      rivals: ['active-not-attempted'],
      channel,
    }
  }
}
