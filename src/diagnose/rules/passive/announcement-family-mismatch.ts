import { defineRule } from '../../legacy.js'
import { announcementEvidence } from '../../words/evidence.js'
import { hasFailed } from '../../facts/passive.js'

export const announcementFamilyMismatch = defineRule({
  id: 'announcement-family-mismatch',
  title: 'announcement does not match the command',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  remedy: ['Update the server, or a translator on the way that rewrites only half of the dialogue'],
  references: ['RFC 2428 §3', 'RFC 6384 (FTP over IPv6-to-IPv4 translators)'],
  samples: {
    reports: 'made/announcement-family-mismatch.pcap',
    silent: 'made/announcement-family-mismatch--silent.pcap',
  },
  needs: ['passive'],

  *check(session) {
    for (const channel of session.channels) {
      const { announcement } = channel
      if (!announcement?.accepted || announcement.mode !== 'passive') continue
      const otherKind = announcement.notes.includes('other-family')
      const otherFamily = session.control.version === 6 && announcement.reply!.code === 227
      if (!otherKind && !otherFamily) continue
      yield {
        confidence: 'high',
        harmless: !hasFailed(channel) && channel.transfer?.outcome !== 'failed',
        message: otherKind
          ? `The server answered ${announcement.verb} with ${announcement.reply!.code}.`
          : `The server announced an IPv4 address in a 227 although the control connection is IPv6.`,
        evidence: [announcementEvidence(announcement, `answer to ${announcement.verb}`)],
        channel,
      }
      return
    }
  },
})
