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

interface Refusal extends Fact {
  /** The transfer itself was refused, or a question (SIZE, MDTM, CWD) whose answer made it pointless. */
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
        // The server's own "no" is an answer, not a fault.
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
    const who = user ?? 'who logged in'
    const server = serverSoftware === null ? 'server' : `server (${serverSoftware})`
    return [
      `name and folder of "${commandWords(command)}" as user ${who} sees them, and the rights of that user on the ` +
        `${server}; its log names the reason`,
    ]
  },
})
