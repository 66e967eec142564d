import type { AnnouncementVerb } from '../../../ftp/model.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence } from '../../words/evidence.js'

export interface FamilyMismatch extends Fact {
  /** `other-reply`: the reply code of another verb. `ipv4-over-ipv6`: a 227, which names an IPv4 address, over IPv6. */
  kind: 'other-reply' | 'ipv4-over-ipv6'
  verb: AnnouncementVerb
  /** Code of the reply. */
  code: number
}

export const announcementFamilyMismatch = defineRule<FamilyMismatch>({
  id: 'announcement-family-mismatch',
  title: 'announcement does not match the command',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  concernsDataSyn: true,
  references: ['RFC 2428 §3', 'RFC 6384 (FTP over IPv6-to-IPv4 translators)'],
  samples: {
    reports: 'made/announcement-family-mismatch.pcap',
    silent: 'made/announcement-family-mismatch--silent.pcap',
  },
  needs: ['passive'],

  *check(session, facts) {
    for (const channel of session.channels) {
      const { announcement, mode, transfer } = channel
      if (!announcement?.accepted || mode !== 'passive') continue
      const { verb, notes } = announcement
      const { code } = announcement.reply!
      const otherReply = notes.includes('other-family')
      if (!otherReply && !(session.control.version === 6 && code === 227)) continue
      yield {
        fact: { kind: otherReply ? 'other-reply' : 'ipv4-over-ipv6', verb, code },
        confidence: 'high',
        harmless: !facts.attempt(channel) && transfer?.outcome !== 'failed',
        evidence: [announcementEvidence(announcement, `reply to ${verb}`)],
        channel,
      }
      return
    }
  },

  texts: {
    message: ({ kind, verb, code }) =>
      kind === 'other-reply'
        ? `The server replied to ${verb} with ${code}.`
        : 'The server announced an IPv4 address in a 227 reply although the control connection uses IPv6.',
  },

  remedy: () => ['update the server', 'or update a translator on the path that rewrites only half of the dialogue'],
})
