import {
  announcementEvidence,
  endpointText,
  refusalOf,
  replyEvidence,
  seconds,
  synEvidence,
  tryingTime,
} from '../../words/evidence.js'
import { madeGood, openRangeRemedy, passiveChannels } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'
import { vantageOf } from '../../facts/vantage.js'

export const passivePortUnanswered = defineRule({
  id: 'passive-port-unanswered',
  title: 'passive port is filtered',
  severity: 'error',
  side: 'server-network',
  explanation:
    'The client dials the port that the server announced, and nobody answers: a firewall before the server drops it, because the passive range is not open and the firewall does not follow the control connection.',
  remedy: ["Open the server's passive port range"],
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 2428 §3 (EPSV)', 'RFC 1579'],
  explains: ['command-unanswered'],
  samples: { reports: 'made/passive-port-unanswered.pcap', silent: 'made/passive-port-unanswered--silent.pcap' },
  needs: ['passive', 'unfinished'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const { connection } = channel
      if (channel.state !== 'unanswered' || !connection) continue
      // One SYN at the end of the capture has had no time for an answer.
      if (connection.synAttempts < 2 && session.judgedAt - connection.last.time < 1e9 && session.cutOff) continue
      const target = endpointText(connection.responder.address, connection.responder.port)
      const vantage = vantageOf(session)
      const atServer = vantage.at === 'server'
      const halfOpen = connection.synAckAttempts > 0
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        side: atServer ? 'server' : halfOpen ? 'path' : 'server-network',
        confidence: connection.synAttempts > 1 ? 'high' : 'medium',
        message: halfOpen
          ? `The server's answer to the client's data connection to ${target} never came to an end: the SYN,ACK was sent ${connection.synAckAttempts} times and not acknowledged.`
          : `The client tried to open the data connection to ${target}, as announced, ${connection.synAttempts} times in ${seconds(tryingTime(connection))}; nobody answered.${atServer ? " The SYNs reached the server's side, so the server host or its own firewall dropped them." : ''}`,
        evidence: [
          announcementEvidence(channel.announcement!),
          ...synEvidence(connection),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: openRangeRemedy(session),
        channel,
      }
    }
  },
})
