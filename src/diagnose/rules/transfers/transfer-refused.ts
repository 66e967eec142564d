import { finalReply } from '../../../ftp/model.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  type CommandFact,
  commandEvidence,
  commandFact,
  commandWords,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

export interface Refusal extends Fact {
  /** The transfer itself was refused, or a preparatory command (SIZE, MDTM, CWD) without which it made no sense. */
  kind: 'transfer' | 'question'
  command: CommandFact
  reply: ReplyFact
  user: Quote | null
}

export const transferRefused = defineRule<Refusal>({
  id: 'transfer-refused',
  title: 'server refused the transfer',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  references: ['RFC 959 §4.2.2 (450, 550, 553)', 'RFC 959 §5.4'],
  samples: { reports: 'made/transfer-refused.pcap', silent: 'made/transfer-refused--silent.pcap' },
  needs: ['refusal'],

  *check(session, facts) {
    const { user } = session.dialogue
    for (const channel of session.channels) {
      const { transfer } = channel
      const madeGood = facts.madeGood(channel)
      if (transfer ? transfer.outcome !== 'refused' : madeGood) continue
      const refused = transfer ? transfer.command.exchange : facts.discouragement(channel)
      const reply = refused && finalReply(refused)
      if (!refused || !reply || reply.code === 530) continue
      yield {
        fact: {
          kind: transfer ? 'transfer' : 'question',
          command: commandFact(refused),
          reply: replyFact(reply),
          user: user === null ? null : new Quote(user),
        },
        ...(madeGood ? { severity: 'info' as const } : {}),
        confidence: 'high',
        // A refusal by the server is a valid reply, not a fault.
        harmless: true,
        evidence: [replyEvidence(reply), commandEvidence(refused)],
        channel,
      }
    }
  },

  texts: {
    message: ({ command, reply }) => `The server refused "${commandWords(command)}": "${replyWords(reply)}".`,
  },
  remedy({ command, user }, { serverSoftware }) {
    const who = user === null ? 'the logged-in user' : `user ${user}`
    const server = serverSoftware === null ? 'server' : `server (${serverSoftware})`
    return [
      `check the name and directory in "${commandWords(command)}" as seen by ${who}, and that user's permissions on ` +
        `the ${server}; the server's log gives the reason`,
    ]
  },
})
