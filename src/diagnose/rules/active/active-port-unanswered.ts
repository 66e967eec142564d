import {
  announcementEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  seconds,
  synEvidence,
  tryingTime,
} from '../../words/evidence.js'
import { activeChannels, activeRemedy } from '../../facts/active.js'
import { madeGood } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'
import { vantageOf } from '../../facts/vantage.js'

export const activePortUnanswered = defineRule({
  id: 'active-port-unanswered',
  title: "server's data connection to the client is filtered",
  severity: 'error',
  side: 'client-network',
  explanation:
    "In active mode the server connects to the port that the client announced. Its SYNs are not answered: the client's firewall or NAT drops connections from outside.",
  remedy: ['Use passive mode, or let the server connect back'],
  references: ['RFC 959 §3.2', 'RFC 1579 (why passive)'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/active-port-unanswered.pcap', silent: 'made/active-port-unanswered--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'unanswered' || !connection) continue
      if (connection.synAttempts < 2 && session.judgedAt - connection.last.time < 1e9 && session.cutOff) continue
      const atClient = vantageOf(session).at === 'client'
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: atClient ? 'client' : 'client-network',
        confidence: connection.synAttempts > 1 ? 'high' : 'medium',
        message: `The server tried to open the data connection to the client's ${endpointText(connection.responder.address, connection.responder.port)} ${connection.synAttempts} times in ${seconds(tryingTime(connection))}; nobody answered.${atClient ? " The SYNs reached the client's side, so the client host or its own firewall dropped them." : ''}`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...synEvidence(connection),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: activeRemedy(session),
        channel,
      }
    }
  },
})
