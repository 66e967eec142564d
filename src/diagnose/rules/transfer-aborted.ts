import type { Connection } from '../../tcp/connection.js'
import { at, commandEvidence, replyEvidence } from '../evidence.js'
import { defineRule } from '../rule.js'

/** Another machine reset the connection in the client's name. */
function isForged({ resets: [reset], flows }: Connection): boolean {
  const usual = reset ? flows[reset.direction].hopLimit : 0
  return usual > 0 && usual !== reset?.hopLimit
}

export const transferAborted = defineRule({
  id: 'transfer-aborted',
  title: 'transfer is aborted',
  severity: 'warning',
  side: 'client',
  explanation:
    'The client ended the transfer before it was complete: by ABOR, or by closing the data connection, which the server answers with 426 or 451.',
  remedy: ["Nothing, if the user wanted it; otherwise the client's log says why it stopped (time limit, full disk)"],
  references: ['RFC 959 §4.1.3 (ABOR)', 'RFC 959 §4.2.2 (426, 451)'],
  explains: ['transfer-reset', 'transfer-incomplete'],
  samples: { reports: 'made/transfer-aborted.pcap', silent: 'made/transfer-aborted--silent.pcap' },

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (transfer?.outcome !== 'aborted') continue
      const { abortedBy, exchange } = transfer.command
      if (!abortedBy && connection && isForged(connection)) continue
      const reply = exchange.replies.find((r) => !r.preliminary)
      const moved = transfer.bytes === null ? '' : ` after ${transfer.bytes} bytes`
      const closing = connection?.resets[0] ?? connection?.flows[connection.closedBy?.direction ?? 0].fin ?? null
      const shown = [commandEvidence(exchange), ...(reply ? [replyEvidence(reply)] : [])]
      yield {
        confidence: 'high',
        message: abortedBy
          ? `The client aborted "${exchange.command ?? ''} ${exchange.argument ?? ''}"${moved} with ABOR.`
          : `The client closed the data connection of "${exchange.command ?? ''} ${exchange.argument ?? ''}"${moved}, before ${
              transfer.command.direction === 'upload' ? 'it had sent everything' : 'the server had sent everything'
            }.`,
        evidence: abortedBy
          ? [commandEvidence(abortedBy), ...shown]
          : closing
            ? [at(closing, 'the client closes the data connection'), ...shown]
            : [commandEvidence(exchange), ...(reply ? [replyEvidence(reply)] : [])],
        channel,
      }
    }
  },
})
