import { defineRule } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import type { Connection } from '../../../tcp/connection.js'
import { announcementEvidence, at, endpointText, refusalOf, replyEvidence, synEvidence } from '../../words/evidence.js'
import { activeChannels } from '../../facts/active.js'
import { hasFailed } from '../../facts/passive.js'

/** Twice the maximum segment lifetime of 120 s (RFC 9293 §3.4.2); systems use 60 s to 240 s. */
const TIME_WAIT_NS = 240e9

export const activeTupleReuse = defineRule({
  id: 'active-tuple-reuse',
  title: 'data connection reuses ports too soon',
  severity: 'warning',
  side: 'client',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Announce another port for each transfer'],
  references: ['RFC 9293 §3.4.2, §3.6.1 (TIME-WAIT)', 'RFC 959 §3.2'],
  samples: { reports: 'made/active-tuple-reuse.pcap', silent: 'made/active-tuple-reuse--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    const before: Connection[] = []
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      const { port, address } = channel.announcement!
      const earlier = before.findLast((c) => c.responder.port === port && c.responder.address === address)
      if (connection?.closed) before.push(connection)
      const reply = refusalOf(channel)
      const failed = hasFailed(channel) || (channel.state === 'not-attempted' && reply?.code === 425)
      if (!earlier || !failed) continue
      if (connection && connection.initiator.port !== earlier.initiator.port) continue
      const since = connection ? connection.first.time : channel.announcement!.time
      const pause = since - earlier.last.time
      if (pause > TIME_WAIT_NS) continue
      yield {
        confidence: 'medium',
        message: `The data connection to ${endpointText(address, port)} failed; the same addresses and ports were in use until ${seconds(pause)} before, so one end was still in TIME-WAIT.`,
        evidence: [
          announcementEvidence(channel.announcement!),
          at(earlier.last, 'last packet of the earlier connection with the same ports'),
          ...(connection ? synEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          'on the client: another port in each PORT',
          'on the server: data connections from a port other than 20 (vsftpd connect_from_port_20=NO), or SO_REUSEADDR',
        ],
        rivals: ['active-port-unanswered'],
        channel,
      }
    }
  },
})
