import { defineRule } from '../../legacy.js'
import { seconds, times } from '../../words/quantities.js'
import { Direction, opposite } from '../../../tcp/connection.js'
import { at, commandLine } from '../../words/evidence.js'
import { addressOf } from '../../facts/payload.js'

const LEAST_NS = 1e9

export const zeroWindow = defineRule({
  id: 'zero-window',
  title: 'receiver cannot keep up',
  severity: 'warning',
  side: 'unknown',
  level: 'symptom',
  remedy: [
    'On the receiving host: what keeps the program from reading (slow or full disk, virus scanner, CPU, paused client)',
  ],
  references: ['RFC 9293 §3.8.6 (managing the window)', 'RFC 9293 §3.8.6.1 (zero-window probes)'],
  samples: { reports: 'made/zero-window.pcap', silent: 'made/zero-window--silent.pcap' },

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection) continue
      for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
        const flow = connection.flows[direction]
        if (!flow.firstShut || flow.shutTime < LEAST_NS) continue
        // Whoever gets no payload need not read any.
        if (connection.flows[opposite(direction)].end === 0) continue
        const receiver = addressOf(connection, direction)
        const byClient = receiver === session.client.address
        yield {
          side: byClient ? 'client' : 'server',
          confidence: 'high',
          message: `${receiver} shut its receive window ${times(flow.shuts)} for ${seconds(flow.shutTime)} in all${
            transfer ? ` during "${commandLine(transfer.command.exchange)}"` : ''
          }: the program there does not read as fast as the data comes.`,
          evidence: [at(flow.firstShut, `${receiver} offers a window of 0 for the first time`)],
          remedy: [
            `on ${receiver} (the FTP ${byClient ? 'client' : 'server'}): what keeps the program from reading: slow or full disk, virus scanner, CPU, a limit of its own rate`,
          ],
          channel,
        }
      }
    }
  },
})
