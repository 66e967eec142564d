import type { DataChannel, Session } from '../../../correlate/model.js'
import type { AnnouncementVerb } from '../../../ftp/model.js'
import { unusedForItsForm } from '../../facts/announcement-form.js'
import { extendedRemedy, notExtendedRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at } from '../../words/evidence.js'
import { duration } from '../../words/quantities.js'

export interface FamilyMismatch extends Fact {
  /** `other-reply`: the reply code of another verb. `ipv4-over-ipv6`: a 227, which names an IPv4 address, over IPv6. */
  kind: 'other-reply' | 'ipv4-over-ipv6'
  verb: AnnouncementVerb
  /** Code of the reply. */
  code: number
  /** The client gave up this long after the reply, without connecting; `null` if it could use it. */
  unusedNs: number | null
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
    const mismatched = session.channels.filter((channel) => isMismatched(session, channel))
    // One that the client gave up on explains the outcome; otherwise the first stands for all.
    const channel = mismatched.find((each) => unusedForItsForm(facts, each)) ?? mismatched[0]
    if (!channel) return
    const announcement = channel.announcement!
    const { verb, reply, time } = announcement
    const otherReply = announcement.notes.includes('other-family')
    const unused = otherReply ? unusedForItsForm(facts, channel) : null
    yield {
      fact: {
        kind: otherReply ? 'other-reply' : 'ipv4-over-ipv6',
        verb,
        code: reply!.code,
        unusedNs: unused && unused.step.time - time,
      },
      severity: unused ? 'error' : 'warning',
      confidence: 'high',
      harmless: !unused && !facts.attempt(channel) && channel.transfer?.outcome !== 'failed',
      evidence: [
        announcementEvidence(announcement, `reply to ${verb}`),
        ...(unused ? [at(unused.step, 'the client gives up without a data connection')] : []),
      ],
      channel,
    }
  },

  texts: {
    message({ kind, verb, code, unusedNs }) {
      if (kind === 'ipv4-over-ipv6')
        return 'The server announced an IPv4 address in a 227 reply although the control connection uses IPv6.'
      const reply = `The server replied to ${verb} with ${code}`
      if (unusedNs === null) return `${reply}.`
      const verbOfReply = VERB_OF[code] ?? 'another command'
      const end = `the client could not use it and gave up ${duration(unusedNs)} later`
      return `${reply}, which is the reply to ${verbOfReply}; ${end}.`
    },
  },

  remedy({ kind, code, unusedNs }, context) {
    const mend = ['update the server', 'or update a translator on the path that rewrites only half of the dialogue']
    if (kind === 'ipv4-over-ipv6' || unusedNs === null) return mend
    // The verb whose reply the server knows how to write.
    return [code === 229 ? extendedRemedy(context) : notExtendedRemedy(context), ...mend]
  },
})

function isMismatched({ control }: Session, { announcement, mode }: DataChannel): boolean {
  if (!announcement?.accepted || mode !== 'passive') return false
  return announcement.notes.includes('other-family') || (control.version === 6 && announcement.reply!.code === 227)
}

const VERB_OF: Readonly<Record<number, string>> = { 227: 'PASV', 228: 'LPSV', 229: 'EPSV' }
