import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { madeGood, vantageOf } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import {
  announcementEvidence,
  commandEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  replyLine,
} from '../../words/evidence.js'
import { activeChannels } from '../../facts/active.js'

/** A server that says no within this time did not wait for an answer: it could not even send. */
const AT_ONCE_NS = 1e9

export const activeNotAttempted = defineRule({
  id: 'active-not-attempted',
  title: 'server never opens the data connection',
  severity: 'error',
  side: 'unknown',
  level: 'effect',
  concernsDataSyn: true,
  remedy: ['Use passive mode'],
  references: ['RFC 959 §3.2, §4.2.2 (425)', 'RFC 1579'],
  samples: { reports: 'made/active-not-attempted.pcap', silent: 'made/active-not-attempted--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    if (session.dialogue.opaqueFrom) return
    for (const channel of activeChannels(session)) {
      const announcement = channel.announcement!
      const { transfer } = channel
      const refused = announcement.reply?.code === 425 ? announcement.reply : null
      if (channel.state !== 'not-attempted' || !announcement.accepted || madeGood(session, channel)) continue
      if (transfer ? transfer.outcome === 'completed' || transfer.outcome === 'refused' : !refused) continue
      const reply = refusalOf(channel) ?? refused
      const asked = transfer?.command.exchange ?? announcement.exchange
      const waited = (reply ?? session.control.last).time - asked.time
      if (!reply && (session.cutOff ? waited < 5e9 : waited < 2e9)) continue
      const atOnce = reply !== null && waited < AT_ONCE_NS
      const vantage = vantageOf(session)
      const filtered = !session.surroundings.otherTraffic
      yield {
        side: atOnce ? 'server' : vantage.at === 'server' ? 'server' : 'path',
        confidence: filtered ? 'low' : atOnce || vantage.at === 'client' ? 'medium' : 'low',
        message: atOnce
          ? `The server gave up on the data connection to ${endpointText(announcement.address, announcement.port)} at once ("${replyLine(reply)}"), and no SYN of it was captured: it could not dial out (port 20 not available, or an outbound rule).`
          : `The server accepted ${announcement.verb} for ${endpointText(announcement.address, announcement.port)}, but no SYN to it was captured in ${seconds(waited)}${reply ? `, after which the server said "${replyLine(reply)}"` : ''}: ${vantage.at === 'server' ? 'the server did not dial' : 'it was dropped on the way, most likely by the NAT or firewall before the client'}.`,
        evidence: reply
          ? [replyEvidence(reply), announcementEvidence(announcement), commandEvidence(asked)]
          : [announcementEvidence(announcement), commandEvidence(asked)],
        remedy: activeRemedy(contextOf(session)),
        rivals: filtered ? ['capture-filter-suspected'] : ['active-port-unanswered', 'active-private-address'],
        channel,
      }
    }
  },
})
