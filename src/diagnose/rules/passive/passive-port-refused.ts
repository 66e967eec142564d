import {
  announcementEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { madeGood, openRangeRemedy, passiveChannels } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'

export const passivePortRefused = defineRule({
  id: 'passive-port-refused',
  title: 'passive port is refused',
  severity: 'error',
  side: 'server-network',
  explanation:
    'The client dials the announced port and gets a RST: a firewall rejects it, the range is not forwarded to the server, or nobody listens there any more.',
  remedy: ["Forward and open the server's passive port range"],
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 9293 §3.5.2 (reset generation)'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/passive-port-refused.pcap', silent: 'made/passive-port-refused--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'refused' || !connection) continue
      const reset = connection.resets.find((r) => r.answersSyn)!
      const target = endpointText(connection.responder.address, connection.responder.port)
      const usual = session.control.flows[1].hopLimit
      const foreign = usual > 0 && usual !== reset.hopLimit
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: foreign ? 'server-network' : 'server',
        confidence: 'high',
        message: `The client's data connection to ${target}, as announced, was refused.${
          foreign
            ? ` The RST has TTL ${reset.hopLimit}, the server's other packets ${usual}: another machine sent it, a firewall or the NAT router itself.`
            : " The RST has the TTL of the server's other packets: the host itself, or a firewall on it, refused; nobody listens on that port."
        }`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...synEvidence(connection).slice(0, 1),
          resetEvidence(reset, connection.responder.address),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: openRangeRemedy(session),
        rivals: ['load-balancer-split'],
        channel,
      }
    }
  },
})
