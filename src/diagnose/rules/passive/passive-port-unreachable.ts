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
import { madeGood, openRangeRemedy, passiveChannels } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'

export const passivePortUnreachable = defineRule({
  id: 'passive-port-unreachable',
  title: 'passive port is reported unreachable',
  severity: 'error',
  side: 'server-network',
  explanation:
    'A router or firewall answers the data connection with an ICMP error: its code tells a filter rule from a missing route.',
  remedy: ['Change the rule or the route that sent the ICMP error'],
  references: ['RFC 792', 'RFC 1812 §5.2.7.1', 'RFC 4443 §3.1'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/passive-port-unreachable.pcap', silent: 'made/passive-port-unreachable--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'unreachable' || !connection) continue
      const error = connection.icmpErrors.find((e) => e.quotesSyn)!
      const cause = icmpCause(error)
      const target = endpointText(connection.responder.address, connection.responder.port)
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: cause === 'filter' ? 'server-network' : 'path',
        confidence: 'high',
        message: `The client's data connection to ${target}, as announced, was answered by ${error.from} with ICMP "${icmpText(error)}": ${
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
        remedy:
          cause === 'filter'
            ? [`on ${error.from}, which sent the ICMP error: admit the passive range`, ...openRangeRemedy(session)]
            : [`on ${error.from}: repair the route to ${connection.responder.address}`],
        channel,
      }
    }
  },
})
