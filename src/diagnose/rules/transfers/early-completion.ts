import { at, commandEvidence, replyEvidence, seconds } from '../../words/evidence.js'
import { payloadsOf } from '../../facts/payload.js'
import { defineRule } from '../../rule.js'

/** Packets of two connections cross each other on the way. */
const CROSSING_NS = 50e6

export const earlyCompletion = defineRule({
  id: 'early-completion',
  title: 'completion is reported before the data is through',
  severity: 'info',
  side: 'server',
  explanation:
    'The server said 226 while payload was still on its way. It reports what it has handed to its own system, not what has arrived: a client that stops at the 226, or a proxy that closes then, cuts the file short.',
  remedy: ['In the client: read the data connection to its end, whatever the control connection says'],
  references: ['RFC 959 §4.2.2 (226: closing data connection)', 'RFC 959 §3.4.1 (the close is the end of file)'],
  samples: { reports: 'made/early-completion.pcap', silent: 'made/early-completion--silent.pcap' },

  *check(session) {
    for (const { channel, transfer, flow, reply, connection } of payloadsOf(session)) {
      if (!reply || reply.code >= 300 || !flow.lastData) continue
      const late = flow.lastData.time - reply.time
      if (late < Math.max(CROSSING_NS, 2 * (connection.roundTrip ?? 0))) continue
      yield {
        confidence: 'high',
        message: `The server said ${reply.code} ${seconds(late)} before the last bytes of "${transfer.command.command}" passed; all the same ${flow.end} bytes came.`,
        evidence: [
          replyEvidence(reply, 'completion'),
          at(flow.lastData, `last bytes, ${seconds(late)} later`),
          commandEvidence(transfer.command.exchange),
        ],
        channel,
      }
    }
  },
})
