import { announcesUnusable, privateAnnouncement } from '../../facts/announced-address.js'
import { openRangeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, commandEvidence, replyEvidence } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'
import { type NotAttempted, neverTried, notAttemptedFact } from '../not-attempted.js'

/** How soon a client connects that has what it needs: a capture that ends earlier proves nothing. */
const PROMPT_NS = 2e9

const LOG = "the client's log shows whether it tried"

export const passiveNotAttempted = defineRule<NotAttempted<'not-attempted'>>({
  id: 'passive-not-attempted',
  title: 'client never opens the data connection',
  severity: 'error',
  side: 'client',
  level: 'effect',
  concernsDataSyn: true,
  references: ['RFC 959 §3.2', 'RFC 1579'],
  samples: { reports: 'made/passive-not-attempted.pcap', silent: 'made/passive-not-attempted--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session, facts) {
    for (const candidate of neverTried(facts, 'passive')) {
      const { channel, announcement, transfer, reply } = candidate
      if (announcesUnusable(session, channel)) continue
      const waitedNs = session.control.last.time - announcement.time
      if (!reply && session.cutOff && waitedNs < PROMPT_NS) continue
      // A client that continues with other commands had no use for the port; one that leaves after it had.
      if (!transfer && (facts.lastAccepted > channel.id || facts.discouragement(channel))) continue
      // The wrong address explains it, as far as an unfinished capture shows.
      const behindNat = privateAnnouncement(session, channel) === 'behind-nat'
      if (behindNat && transfer?.outcome === 'unknown' && session.cutOff) continue
      const { at } = facts.vantage
      yield {
        fact: notAttemptedFact(facts, candidate, 'not-attempted', waitedNs),
        side: at === 'client' ? 'client' : at === 'server' ? 'server-network' : 'unknown',
        confidence: facts.filtered || at === 'unknown' ? 'low' : 'medium',
        evidence: [
          announcementEvidence(announcement),
          ...(transfer ? [commandEvidence(transfer.command.exchange)] : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: facts.filtered ? ['capture-filter-suspected'] : ['passive-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ target, waitedNs, filtered, vantage }) {
      const absence = `no connection to it was captured in the following ${seconds(waitedNs)}`
      const narrow = ' Only control connections were captured, so the capture may have been filtered.'
      const dropped = 'dropped by a firewall, or by a NAT that does not forward the port'
      const away = ` The capture was not taken at the client: a SYN ${dropped}, would look the same.`
      return `The server announced ${target}; ${absence}.${filtered ? narrow : ''}${vantage === 'client' ? '' : away}`
    },
  },

  remedy: ({ vantage }, context) => [
    ...(vantage === 'client' ? [] : openRangeRemedy(context)),
    `on the client: check for an outbound firewall or security software that allows port 21 only; ${LOG}`,
    'to be sure: capture on the client host, without a filter on port 21',
  ],
})
