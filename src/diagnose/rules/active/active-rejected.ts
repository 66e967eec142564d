import { passiveModeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { announcementEvidence, replyEvidence, replyLine } from '../../words/evidence.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const activeRejected = defineRule({
  id: 'active-rejected',
  title: 'server refuses active mode',
  severity: 'error',
  side: 'server',
  level: 'effect',
  concernsDataSyn: true,
  remedy: ['Use passive mode, or allow active mode on the server'],
  references: ['RFC 959 §4.2.2', 'RFC 2428 §2', 'RFC 2577 §3'],
  samples: { reports: 'made/active-rejected.pcap', silent: 'made/active-rejected--silent.pcap' },
  needs: ['active', 'refusal'],

  *check(session) {
    const rejected = session.channels.filter((c) => c.mode === 'active' && c.announcement?.refused)
    const last = rejected.at(-1)
    if (!last || session.channels.some((c) => c.id > last.id && c.announcement?.accepted)) return
    if (session.channels.some((c) => c.transfer?.outcome === 'completed' && c.id > last.id)) return
    const reply = last.announcement!.reply!
    if (reply.code === 530 || reply.code === 421) return
    const dislikes = /illegal|bounce|privileged|i won't open a connection|invalid port|only to/i.test(reply.text)
    yield {
      confidence: 'high',
      message: `The server refused active mode: "${replyLine(reply)}" to ${last.announcement!.verb}, and nothing else brought a data connection.${dislikes ? ' It is the announced address or port that it refuses.' : ''}`,
      evidence: [replyEvidence(reply), ...rejected.map((c) => announcementEvidence(c.announcement!))],
      remedy: [
        passiveModeRemedy(contextOf(session)),
        `or ${serverRemedy(session.dialogue.serverSoftware, 'active mode allowed', (s) => s.allowActive)}`,
      ],
      channel: last,
    }
  },
})
