import type { Connection } from '../../../tcp/connection.js'
import { closingOf, originOf } from '../../facts/control.js'
import { at, commandEvidence, commandLine, replyEvidence } from '../../words/evidence.js'
import { defineRule } from '../../rule.js'

/** Another machine reset the connection in the client's name. */
function isForged(connection: Connection): boolean {
  const [reset] = connection.resets
  return reset !== undefined && originOf(connection, reset).foreign
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
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (transfer?.outcome !== 'aborted') continue
      const { abortedBy, exchange } = transfer.command
      // Without ABOR it is the close that made it an abort.
      if (!abortedBy && isForged(connection!)) continue
      const ending = abortedBy
        ? commandEvidence(abortedBy)
        : at(closingOf(connection!) ?? connection!.last, 'the client closes the data connection')
      const reply = exchange.replies.find((r) => !r.preliminary)
      const moved = transfer.bytes === null ? '' : ` after ${transfer.bytes} bytes`
      yield {
        confidence: 'high',
        message: abortedBy
          ? `The client aborted "${commandLine(exchange)}"${moved} with ABOR.`
          : `The client closed the data connection of "${commandLine(exchange)}"${moved}, before ${
              transfer.command.direction === 'upload' ? 'it had sent everything' : 'the server had sent everything'
            }.`,
        evidence: [ending, commandEvidence(exchange), ...(reply ? [replyEvidence(reply)] : [])],
        channel,
      }
    }
  },
})
