import { defineRule } from '../../legacy.js'
import { seconds } from '../../words/quantities.js'
import { at, commandEvidence, replyEvidence } from '../../words/evidence.js'
import { payloadsOf } from '../../facts/payload.js'

/** Packets of two connections cross each other on the way. */
const CROSSING_NS = 50e6

export const earlyCompletion = defineRule({
  id: 'early-completion',
  title: 'completion reported before the data arrived',
  severity: 'info',
  side: 'server',
  level: 'remark',
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
