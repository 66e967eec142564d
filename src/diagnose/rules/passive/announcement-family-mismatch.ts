import { announcementEvidence } from '../../words/evidence.js'
import { hasFailed } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'

export const announcementFamilyMismatch = defineRule({
  id: 'announcement-family-mismatch',
  title: 'announcement of the other kind',
  severity: 'warning',
  side: 'server',
  explanation:
    'The reply does not belong to the command or to the address family: 229 answers PASV, 227 answers EPSV, or 227 names an IPv4 address on an IPv6 control connection. Clients that read by command instead of by reply code fail.',
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
