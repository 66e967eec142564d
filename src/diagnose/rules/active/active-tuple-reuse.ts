import type { Connection } from '../../../tcp/connection.js'
import { activeChannels } from '../../facts/active.js'
import { negativeReply } from '../../facts/attempt.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText, openingEvidence, replyEvidence } from '../../words/evidence.js'
import { seconds } from '../../words/quantities.js'

/** Twice the maximum segment lifetime of 120 s (RFC 9293 §3.4.2); systems use 60 s to 240 s. */
const TIME_WAIT_NS = 240e9

export interface TupleReuse extends Fact {
  kind: 'time-wait'
  /** The announced address and port, as text. */
  target: string
  /** Since the last packet of the earlier connection with the same addresses and ports. */
  pauseNs: number
}

export const activeTupleReuse = defineRule<TupleReuse>({
  id: 'active-tuple-reuse',
  title: 'data connection reuses ports too soon',
  severity: 'warning',
  side: 'client',
  level: 'cause',
  concernsDataSyn: true,
  references: ['RFC 9293 §3.4.2, §3.6.1 (TIME-WAIT)', 'RFC 959 §3.2'],
  samples: { reports: 'made/active-tuple-reuse.pcap', silent: 'made/active-tuple-reuse--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session, facts) {
    const before: Connection[] = []
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      const announcement = channel.announcement!
      const { port, address } = announcement
      const earlier = before.findLast(({ responder }) => responder.port === port && responder.address === address)
      if (connection?.closed) before.push(connection)
      const reply = negativeReply(channel)
      // A server that finds the port in TIME-WAIT replies 425 without sending a SYN.
      const failed = facts.attempt(channel) !== null || (channel.state === 'not-attempted' && reply?.code === 425)
      if (!earlier || !failed) continue
      if (connection && connection.initiator.port !== earlier.initiator.port) continue
      const pauseNs = (connection?.first ?? announcement).time - earlier.last.time
      // Before its last packet the earlier connection was in use, not in TIME-WAIT.
      if (pauseNs < 0 || pauseNs > TIME_WAIT_NS) continue
      yield {
        fact: { kind: 'time-wait', target: endpointText(address, port), pauseNs },
        confidence: 'medium',
        evidence: [
          announcementEvidence(announcement),
          at(earlier.last, 'last packet of the earlier connection with the same ports'),
          ...(connection ? openingEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: ['active-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ target, pauseNs }) {
      const used = `the same addresses and ports were in use until ${seconds(pauseNs)} earlier`
      return `The data connection to ${target} failed; ${used}, so one end was still in TIME-WAIT.`
    },
  },

  remedy: () => [
    'on the client: use a different port in each PORT command',
    'or on the server: open data connections from a port other than 20 (vsftpd: connect_from_port_20=NO)',
    'or set SO_REUSEADDR on the data sockets of the server',
  ],
})
