import { defineRule, madeGood } from '../../legacy.js'
import type { DataChannel } from '../../../correlate/model.js'
import { announcementEvidence, refusalOf, replyEvidence } from '../../words/evidence.js'

export const announcementMalformed = defineRule({
  id: 'announcement-malformed',
  title: 'malformed PORT/PASV announcement',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['passive-unusable-address', 'port-bounce'],
  concernsDataSyn: true,
  remedy: ['Update or replace the software that wrote the announcement'],
  references: ['RFC 959 §4.1.2, §5.3.2 (host-port)', 'RFC 1123 §4.1.2.6', 'RFC 2428 §2, §3'],
  samples: { reports: 'made/announcement-malformed.pcap', silent: 'made/announcement-malformed--silent.pcap' },
  needs: ['unfinished'],

  *check(session) {
    for (const channel of session.channels) {
      const { announcement } = channel
      if (!announcement?.malformed || channel.state === 'established') continue
      // A box that cuts the command swallows it for the server; a server's own words are its own fault.
      const passive = announcement.mode === 'passive'
      const reply = refusalOf(channel)
      yield {
        severity: !hurts(channel) || madeGood(session, channel) ? 'warning' : 'error',
        side: passive ? 'server' : 'client',
        confidence: 'high',
        message: `The ${passive ? 'server' : 'client'} announced a data connection in words that cannot be read: ${announcement.malformed}.`,
        evidence: [announcementEvidence(announcement), ...(reply ? [replyEvidence(reply)] : [])],
        remedy: [
          passive
            ? 'update the server; EPSV may be written correctly where PASV is not'
            : 'update the client, or use passive mode',
        ],
        channel,
      }
    }
  },
})

/** The server refused the words, or the transfer that needed them failed; without a transfer they stand alone. */
function hurts(channel: DataChannel): boolean {
  if (channel.announcement?.mode === 'passive') return channel.transfer?.outcome !== 'completed'
  return (
    channel.announcement?.refused === true || (channel.transfer !== null && channel.transfer.outcome !== 'completed')
  )
}
