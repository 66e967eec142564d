import type { DataChannel } from '../../../correlate/model.js'
import { negativeReply } from '../../facts/attempt.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, replyEvidence } from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'

export interface Malformed extends Fact {
  kind: 'malformed'
  /** Who sent the announcement. */
  by: 'client' | 'server'
  /** Why it cannot be parsed: "octet 300 is larger than 255". */
  reason: Quote
}

export const announcementMalformed = defineRule<Malformed>({
  id: 'announcement-malformed',
  title: 'malformed PORT/PASV announcement',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['passive-unusable-address', 'port-bounce'],
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2, §5.3.2 (host-port)', 'RFC 1123 §4.1.2.6', 'RFC 2428 §2, §3'],
  samples: { reports: 'made/announcement-malformed.pcap', silent: 'made/announcement-malformed--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { announcement, transfer } = channel
      if (!announcement?.malformed) continue
      const by = announcement.mode === 'passive' ? 'server' : 'client'
      const reply = transfer ? negativeReply(channel) : null
      yield {
        fact: { kind: 'malformed', by, reason: new Quote(announcement.malformed) },
        severity: hurts(channel) ? 'error' : 'warning',
        side: by,
        confidence: 'high',
        evidence: [announcementEvidence(announcement), ...(reply ? [replyEvidence(reply)] : [])],
        channel,
      }
    }
  },

  texts: {
    message: ({ by, reason }) => `The ${by} sent a malformed announcement of a data connection: ${reason}.`,
  },

  remedy: ({ by }) =>
    by === 'server'
      ? ['update the server', 'or use EPSV, whose reply may be correct where that to PASV is not']
      : ['update the client', 'or use passive mode'],
})

/** A passive reply unless its transfer completed; a command if it was refused or its transfer did not complete. */
function hurts({ announcement, transfer }: DataChannel): boolean {
  if (announcement?.mode === 'passive') return transfer?.outcome !== 'completed'
  return announcement?.refused === true || (transfer !== null && transfer.outcome !== 'completed')
}
