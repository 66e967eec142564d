import { finalReply, type TransferDirection } from '../../../ftp/model.js'
import type { Connection } from '../../../tcp/connection.js'
import { closingOf } from '../../facts/control.js'
import type { SessionFacts } from '../../facts/session-facts.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  at,
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { byteCount } from '../../words/quantities.js'

export interface Abort extends Fact {
  /** With ABOR, or by closing the data connection. */
  kind: 'abor' | 'close'
  command: CommandFact
  direction: TransferDirection
  /** Bytes already transferred; `null` without a data connection. */
  bytes: number | null
  /** The reply that ended it. */
  reply: ReplyFact | null
}

export const transferAborted = defineRule<Abort>({
  id: 'transfer-aborted',
  title: 'transfer aborted',
  severity: 'warning',
  side: 'client',
  level: 'symptom',
  explains: ['transfer-incomplete', 'transfer-reset'],
  references: ['RFC 959 §4.1.3 (ABOR)', 'RFC 959 §4.2.2 (426, 451)'],
  samples: { reports: 'made/transfer-aborted.pcap', silent: 'made/transfer-aborted--silent.pcap' },
  needs: ['unfinished'],

  *check(session, facts) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (transfer?.outcome !== 'aborted') continue
      const { abortedBy, exchange, direction } = transfer.command
      // Without ABOR, only the close makes it an abort.
      if (!abortedBy && isForged(facts, connection!)) continue
      const reply = finalReply(exchange)
      yield {
        fact: {
          kind: abortedBy ? 'abor' : 'close',
          command: commandFact(exchange),
          direction,
          bytes: transfer.bytes,
          reply: reply && replyFact(reply),
        },
        // What the user wished is no failure.
        ...(abortedBy && reply ? { severity: 'info' as const, harmless: true } : {}),
        confidence: 'high',
        evidence: [
          abortedBy
            ? commandEvidence(abortedBy)
            : at(closingOf(connection!) ?? connection!.last, 'the client closes the data connection'),
          commandEvidence(exchange),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, command, direction, bytes, reply }) {
      const words = `"${commandWords(command)}"${bytes === null ? '' : ` after ${byteCount(bytes)}`}`
      if (kind === 'abor') {
        const answer = reply ? `the server replied "${replyWords(reply)}"` : 'no reply followed'
        return `The client aborted ${words} with ABOR; ${answer}.`
      }
      const sender = direction === 'upload' ? 'it' : 'the server'
      return `The client closed the data connection of ${words}, before ${sender} had sent all data.`
    },
  },
  remedy: () => [
    "no change needed if the user cancelled; otherwise the client's log gives the reason (time limit, full disk)",
  ],
})

/** A different host reset the connection with the client's source address. */
function isForged(facts: SessionFacts, connection: Connection): boolean {
  const [reset] = connection.resets
  return reset !== undefined && facts.origin(connection, reset).foreign
}
