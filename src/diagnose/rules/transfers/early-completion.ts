import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandEvidence, commandFact, replyEvidence } from '../../words/evidence.js'
import { byteCount, seconds } from '../../words/quantities.js'

/** Packets of two connections may overtake each other within this time. */
const CROSSING_NS = 50e6

export interface EarlyCompletion extends Fact {
  kind: 'bytes-after-completion'
  command: CommandFact
  /** The reply code of the completion. */
  code: number
  /** From the completion to the last bytes. */
  lateNs: number
  /** Total bytes transferred. */
  bytes: number
}

export const earlyCompletion = defineRule<EarlyCompletion>({
  id: 'early-completion',
  title: 'completion reported before the data arrived',
  severity: 'info',
  side: 'server',
  level: 'remark',
  references: ['RFC 959 §4.2.2 (226: closing data connection)', 'RFC 959 §3.4.1 (the close is the end of file)'],
  samples: { reports: 'made/early-completion.pcap', silent: 'made/early-completion--silent.pcap' },

  *check(_session, facts) {
    for (const { channel, transfer, flow, reply, connection, bytes } of facts.payloads) {
      if (!reply || reply.code >= 300 || !flow.lastData) continue
      const lateNs = flow.lastData.time - reply.time
      if (lateNs < Math.max(CROSSING_NS, 2 * (connection.roundTrip ?? 0))) continue
      const { exchange } = transfer.command
      yield {
        fact: {
          kind: 'bytes-after-completion',
          command: commandFact(exchange),
          code: reply.code,
          lateNs,
          bytes,
        },
        confidence: 'high',
        evidence: [
          replyEvidence(reply, 'completion'),
          at(flow.lastData, `last bytes, ${seconds(lateNs)} later`),
          commandEvidence(exchange),
        ],
        channel,
      }
    }
  },

  texts: {
    message: ({ command, code, lateNs, bytes }) =>
      `The server sent ${code} ${seconds(lateNs)} before the last bytes of "${command.command}" were captured; ` +
      `${byteCount(bytes)} arrived nevertheless.`,
  },
  remedy: () => ['in the client: read the data connection to its end, whatever the control connection says'],
})
