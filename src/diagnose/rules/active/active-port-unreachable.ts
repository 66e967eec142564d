import {
  announcementEvidence,
  endpointText,
  icmpCause,
  icmpEvidence,
  icmpText,
  refusalOf,
  replyEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { activeChannels, activeRemedy } from '../../facts/active.js'
import { madeGood } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'

export const activePortUnreachable = defineRule({
  id: 'active-port-unreachable',
  title: "server's data connection to the client is reported unreachable",
  severity: 'error',
  side: 'client-network',
  explanation:
    'In active mode the server connects to the port that the client announced; a router or firewall answers with an ICMP error, whose code tells a filter rule from a missing route.',
  remedy: ['Use passive mode, or change the rule or route that sent the ICMP error'],
  references: ['RFC 959 §3.2', 'RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/active-port-unreachable.pcap', silent: 'made/active-port-unreachable--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'unreachable' || !connection) continue
      const error = connection.icmpErrors.find((e) => e.quotesSyn)!
      const cause = icmpCause(error)
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: cause === 'filter' ? 'client-network' : 'path',
        confidence: 'high',
        message: `The server's data connection to the client's ${endpointText(connection.responder.address, connection.responder.port)} was answered by ${error.from} with ICMP "${icmpText(error)}": ${
          cause === 'filter'
            ? 'a filter rule rejects it'
            : cause === 'loop'
              ? 'packets run in a loop'
              : 'there is no route to it'
        }.`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...synEvidence(connection).slice(0, 1),
          icmpEvidence(error),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: activeRemedy(session),
        channel,
      }
    }
  },
})
