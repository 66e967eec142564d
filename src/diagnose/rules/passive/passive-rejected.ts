import { defineRule, contextOf } from '../../legacy.js'
import { commandEvidence, replyEvidence, replyLine } from '../../words/evidence.js'
import { passiveRange } from '../../remedies/firewall-remedies.js'
import { widen } from '../../remedies/passive-range.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const passiveRejected = defineRule({
  id: 'passive-rejected',
  title: 'server refuses passive mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  remedy: ['Enable passive mode on the server, or widen its port range'],
  references: ['RFC 959 §4.2.2 (reply codes)', 'RFC 2428 §3'],
  samples: { reports: 'made/passive-rejected.pcap', silent: 'made/passive-rejected--silent.pcap' },
  needs: ['passive', 'refusal'],

  *check(session) {
    const rejected = session.channels.filter((c) => c.mode === 'passive' && c.announcement?.refused)
    const last = rejected.at(-1)
    if (!last || session.channels.some((c) => c.id > last.id && c.announcement?.accepted)) return
    if (session.channels.some((c) => c.transfer?.outcome === 'completed' && c.id > last.id)) return
    const reply = last.announcement!.reply!
    // Not logged in: the login is the matter, not the mode.
    if (reply.code === 530 || reply.code === 421) return
    const exhausted = reply.code >= 400 && reply.code < 500
    const { low, high } = widen(passiveRange(contextOf(session)))
    yield {
      confidence: 'high',
      message: `The server refused passive mode: "${replyLine(reply)}" to ${last.announcement!.verb}, and nothing else brought a data connection.${
        exhausted ? ' A 4yz reply speaks of a passing condition, such as a port range that is used up.' : ''
      }`,
      evidence: [replyEvidence(reply), ...rejected.map((c) => commandEvidence(c.announcement!.exchange))],
      remedy: [
        exhausted
          ? serverRemedy(session.dialogue.serverSoftware, `a wider range of passive ports, ${low} to ${high}`, (s) =>
              s.passivePorts?.(low, high),
            )
          : serverRemedy(session.dialogue.serverSoftware, 'passive mode allowed', (s) => s.allowPassive),
        'or active mode in the client, where no NAT or firewall stands before it',
      ],
      channel: last,
    }
  },
})
