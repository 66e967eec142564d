import { defineRule, discouragedBy, madeGood } from '../../legacy.js'
import { commandEvidence, commandLine, replyEvidence, replyLine } from '../../words/evidence.js'

export const transferRefused = defineRule({
  id: 'transfer-refused',
  title: 'server refused the transfer',
  severity: 'warning',
  side: 'server',
  level: 'symptom',
  remedy: ['Correct the name, or grant the right on the server'],
  references: ['RFC 959 §4.2.2 (450, 550, 553)', 'RFC 959 §5.4'],
  samples: { reports: 'made/transfer-refused.pcap', silent: 'made/transfer-refused--silent.pcap' },
  needs: ['refusal'],

  *check(session) {
    for (const channel of session.channels) {
      const refused = channel.transfer ? channel.transfer.command.exchange : discouragedBy(session, channel)
      if (
        !refused ||
        (!channel.transfer && madeGood(session, channel)) ||
        (channel.transfer && channel.transfer.outcome !== 'refused')
      )
        continue
      const reply = refused.replies.find((r) => !r.preliminary)
      if (!reply || reply.code === 530) continue
      yield {
        ...(madeGood(session, channel) ? { severity: 'info' as const } : {}),
        confidence: 'high',
        // The server's own "no" is an answer, not a fault.
        harmless: true,
        message: `The server refused "${commandLine(refused)}": "${replyLine(reply)}".`,
        evidence: [replyEvidence(reply), commandEvidence(refused)],
        remedy: [
          `name and folder of "${commandLine(refused)}" as user ${session.dialogue.user ?? 'who logged in'} sees them, and the rights of that user on the server${session.dialogue.serverSoftware === null ? '' : ` (${session.dialogue.serverSoftware})`}; its log names the reason`,
        ],
        channel,
      }
    }
  },
})
