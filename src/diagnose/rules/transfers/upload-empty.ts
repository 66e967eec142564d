import { FROM_CLIENT, finalReply } from '../../../ftp/model.js'
import { isEstablished } from '../../facts/passive.js'
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

export interface EmptyUpload extends Fact {
  /** `given-up`: the client did not wait for the server's completion either. */
  kind: 'empty' | 'given-up'
  command: CommandFact
  /** The reply that opened the transfer; `null` without one. */
  opening: ReplyFact | null
}

export const uploadEmpty = defineRule<EmptyUpload>({
  id: 'upload-empty',
  title: 'upload without a byte',
  severity: 'info',
  side: 'client',
  level: 'remark',
  references: ['RFC 959 §3.4.1 (the close is the end of file)', 'RFC 959 §5.4 (125, 150)'],
  samples: { reports: 'made/upload-empty.pcap', silent: 'made/upload-empty--silent.pcap' },

  *check(session, facts) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (transfer?.bytes !== 0 || transfer.outcome !== 'completed' || transfer.command.direction !== 'upload') continue
      if (!connection || connection.midstream || !isEstablished(channel) || transfer.hidden) continue
      const { exchange } = transfer.command
      const sender = connection.flows[channel.mode === 'passive' ? FROM_CLIENT : 1 - FROM_CLIENT]!
      if (!sender.fin || sender.acknowledgedUnseen > 0) continue
      const opening = exchange.replies.find(({ preliminary }) => preliminary) ?? null
      const completion = finalReply(exchange)
      const quit = facts.commandAfter(exchange)
      const leaves = (quit?.command === 'QUIT' ? quit : null) ?? (quit ? null : facts.closing)
      const givenUp = leaves !== null && completion !== null && leaves.time < completion.time
      yield {
        fact: {
          kind: givenUp ? 'given-up' : 'empty',
          command: commandFact(exchange),
          opening: opening && replyFact(opening),
        },
        severity: givenUp ? 'warning' : 'info',
        harmless: !givenUp,
        confidence: givenUp ? 'medium' : 'high',
        evidence: [
          at(sender.fin, 'the client closes the data connection after 0 bytes'),
          commandEvidence(exchange),
          ...(opening ? [replyEvidence(opening)] : []),
          ...(givenUp ? [at(leaves, 'the client leaves before the completion')] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, command, opening }) {
      const after = opening ? ` after "${replyWords(opening)}"` : ''
      const closed = `The client closed the data connection of "${commandWords(command)}"${after} without sending a byte`
      if (kind === 'empty') return `${closed}; the server stored 0 bytes.`
      return `${closed}, and left before the server confirmed it; an empty file was stored.`
    },
  },

  remedy: ({ kind, opening }) => [
    ...(kind === 'empty' ? ['no change needed if the file is empty'] : []),
    'in the client: its log gives the reason; some clients accept only one of 125 and 150, which are equally valid' +
      (opening ? ` (here ${opening.code})` : ''),
  ],
})
