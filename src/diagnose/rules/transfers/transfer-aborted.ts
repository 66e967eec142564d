import { defineRule } from '../../legacy.js'
import type { Connection } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import { resetOrigin } from '../../facts/reset-origin.js'
import type { Session } from '../../../correlate/model.js'
import { at, commandEvidence, commandLine, replyEvidence } from '../../words/evidence.js'

/** Another machine reset the connection in the client's name. */
function isForged(session: Session, connection: Connection): boolean {
  const [reset] = connection.resets
  return reset !== undefined && resetOrigin(session, connection, reset).foreign
}

export const transferAborted = defineRule({
  id: 'transfer-aborted',
  title: 'transfer aborted',
  severity: 'warning',
  side: 'client',
  level: 'symptom',
  explains: ['transfer-incomplete', 'transfer-reset'],
  remedy: ["Nothing, if the user wanted it; otherwise the client's log says why it stopped (time limit, full disk)"],
  references: ['RFC 959 §4.1.3 (ABOR)', 'RFC 959 §4.2.2 (426, 451)'],
  samples: { reports: 'made/transfer-aborted.pcap', silent: 'made/transfer-aborted--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (transfer?.outcome !== 'aborted') continue
      const { abortedBy, exchange } = transfer.command
      // Without ABOR it is the close that made it an abort.
      if (!abortedBy && isForged(session, connection!)) continue
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
