import {
  announcementEvidence,
  commandEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  replyLine,
  seconds,
} from '../../words/evidence.js'
import { activeChannels, activeRemedy } from '../../facts/active.js'
import { madeGood } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'
import { vantageOf } from '../../facts/vantage.js'

/** A server that says no within this time did not wait for an answer: it could not even send. */
const AT_ONCE_NS = 1e9

export const activeNotAttempted = defineRule({
  id: 'active-not-attempted',
  title: 'no data connection from the server arrives',
  severity: 'error',
  side: 'unknown',
  explanation:
    'The server accepted PORT or EPRT, and no SYN from it was captured. If it gives up at once it could not dial out; if it gives up after its timeout, its SYNs were dropped before the point of capture.',
  remedy: ['Use passive mode'],
  references: ['RFC 959 §3.2, §4.2.2 (425)', 'RFC 1579'],
  explains: ['command-unanswered'],
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
        remedy: activeRemedy(session),
        rivals: filtered ? ['capture-filter-suspected'] : ['active-port-unanswered', 'active-private-address'],
        channel,
      }
    }
  },
})
