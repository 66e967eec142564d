import {
  announcementEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { activeChannels, activeRemedy } from '../../facts/active.js'
import { madeGood } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'

export const activePortRefused = defineRule({
  id: 'active-port-refused',
  title: "server's data connection to the client is refused",
  severity: 'error',
  side: 'client-network',
  explanation:
    'In active mode the server connects to the port that the client announced and gets a RST: a firewall or NAT before the client rejects it, or the client no longer listens.',
  remedy: ['Use passive mode, or let the server connect back'],
  references: ['RFC 959 §3.2', 'RFC 9293 §3.5.2'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/active-port-refused.pcap', silent: 'made/active-port-refused--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'refused' || !connection) continue
      const reset = connection.resets.find((r) => r.answersSyn)!
      const usual = session.control.flows[0].hopLimit
      const foreign = usual > 0 && usual !== reset.hopLimit
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: foreign ? 'client-network' : 'client',
        confidence: 'high',
        message: `The server's data connection to the client's ${endpointText(connection.responder.address, connection.responder.port)} was refused. ${
          foreign
            ? `The RST has TTL ${reset.hopLimit}, the client's other packets ${usual}: a NAT router or firewall before the client sent it.`
            : "The RST has the TTL of the client's other packets: the client host itself or a firewall on it."
        }`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...synEvidence(connection).slice(0, 1),
          resetEvidence(reset, connection.responder.address),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: activeRemedy(session),
        channel,
      }
    }
  },
})
