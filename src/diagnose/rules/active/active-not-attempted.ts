import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, commandEvidence, replyEvidence, replyWords } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { type NotAttempted, neverTried, notAttemptedFact } from '../not-attempted.js'
import type { AnnouncementVerb } from '../../../ftp/model.js'

/** A server that gives up within this time did not wait for an answer: it could not even send the SYN. */
const AT_ONCE_NS = 1e9
/** How soon a server connects: to a client that disconnects, and where the capture ends. */
const PATIENCE_NS = 2e9
const PATIENCE_AT_END_NS = 5e9

/** `at-once`: the server gave up without waiting. `absent`: no SYN came for a while. */
export interface ActiveNotAttempted extends NotAttempted<'at-once' | 'absent'> {
  verb: AnnouncementVerb
}

export const activeNotAttempted = defineRule<ActiveNotAttempted>({
  id: 'active-not-attempted',
  title: 'server never opens the data connection',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2, §4.2.2 (425)', 'RFC 1579'],
  samples: { reports: 'made/active-not-attempted.pcap', silent: 'made/active-not-attempted--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session, facts) {
    for (const candidate of neverTried(facts, 'active')) {
      const { channel, announcement, transfer, reply } = candidate
      if (!transfer && !reply) continue
      const asked = transfer?.command.exchange ?? announcement.exchange
      const waitedNs = (reply ?? session.control.last).time - asked.time
      if (!reply && waitedNs < (session.cutOff ? PATIENCE_AT_END_NS : PATIENCE_NS)) continue
      const atOnce = reply !== null && waitedNs < AT_ONCE_NS
      const { at } = facts.vantage
      const words = [announcementEvidence(announcement), commandEvidence(asked)] as const
      yield {
        fact: {
          ...notAttemptedFact(facts, candidate, atOnce ? 'at-once' : 'absent', waitedNs),
          verb: announcement.verb,
        },
        side: atOnce || at === 'server' ? 'server' : 'path',
        confidence: !facts.filtered && (atOnce || at === 'client') ? 'medium' : 'low',
        evidence: reply ? [replyEvidence(reply), ...words] : words,
        rivals: facts.filtered ? ['capture-filter-suspected'] : ['active-port-unanswered', 'active-private-address'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, verb, target, waitedNs, vantage, reply }) {
      const refusal = reply ? `"${replyWords(reply)}"` : ''
      if (kind === 'at-once') {
        const cause = 'it could not connect (port 20 not available, or an outbound firewall rule)'
        const absence = 'no SYN was captured'
        const end = `immediately (${refusal}), and ${absence}`
        return `The server gave up on the data connection to ${target} ${end}: ${cause}.`
      }
      const end = reply ? `, after which the server replied ${refusal}` : ''
      const cause =
        vantage === 'server'
          ? 'the server never connected'
          : 'it was dropped on the path, most likely by the NAT or firewall in front of the client'
      const absence = `no SYN to it was captured in ${seconds(waitedNs)}${end}`
      return `The server accepted ${verb} for ${target}, but ${absence}: ${cause}.`
    },
  },

  remedy: (_fact, context) => activeRemedy(context),
})
