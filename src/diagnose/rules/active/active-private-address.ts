import { activeChannels, wasRewritten } from '../../facts/active.js'
import { privateAnnouncement } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished } from '../../facts/passive.js'
import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import {
  announcementEvidence,
  commandEvidence,
  openingEvidence,
  replyEvidence,
  type ReplyFact,
  replyFact,
  replyWords,
} from '../../words/evidence.js'
import { type PrivateAddress, privateAddressFact } from '../private-address.js'

/** How servers word that they do not accept PORT at all. */
const SWITCHED_OFF = /^502|disabled|not (?:allowed|supported|implemented|enabled)|passive (?:mode )?only|use pasv/i

/**
 * `behind-nat`: the server sees the client with another address. `own`: the capture shows the client's own address,
 * which a NAT between there and the server may translate.
 */
export interface ActivePrivateAddress extends PrivateAddress<'behind-nat' | 'own'> {
  /** Captured at the client. */
  atClient: boolean
  /** What the server replied to PORT or EPRT itself, if it refused it. */
  refusal: ReplyFact | null
}

export const activePrivateAddress = defineRule<ActivePrivateAddress>({
  id: 'active-private-address',
  title: 'client announces a private address',
  severity: 'error',
  side: 'client-network',
  level: 'cause',
  judgesAddress: true,
  explains: ['active-address-mismatch', 'port-bounce'],
  spares: ['transfer-refused'],
  proves: 'translator',
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2 (PORT)', 'RFC 1579', 'RFC 3022 §5'],
  samples: { reports: 'made/active-private-address.pcap', silent: 'made/active-private-address--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session, facts) {
    for (const channel of activeChannels(session)) {
      const kind = privateAnnouncement(session, channel)
      if (kind === null || isEstablished(channel)) continue
      const { connection, transfer } = channel
      const announcement = channel.announcement!
      const reply = negativeReply(channel)
      // An address that the server has checked was not private any more when it arrived. Without an answer to the
      // transfer it may be set up not to check (vsftpd port_promiscuous, ProFTPD AllowForeignAddress).
      if (reply && wasRewritten(session, channel)) continue
      // Without a refusal or a failed connection there is nothing to explain, unless a transfer got no answer.
      if (!reply && !connection && (transfer?.outcome !== 'unknown' || session.cutOff)) continue
      // Active mode is disabled: any address would have been refused.
      if (announcement.refused && reply && SWITCHED_OFF.test(`${reply.code} ${reply.text}`)) continue
      const translated = kind === 'behind-nat'
      const note = translated ? `the control connection comes from ${session.client.address}` : ''
      yield {
        fact: {
          ...privateAddressFact(session, channel, kind),
          atClient: facts.vantage.at === 'client',
          refusal: announcement.refused && announcement.reply ? replyFact(announcement.reply) : null,
        },
        // Inside the client's network the address is correct; a translator may still rewrite it on the path.
        confidence: translated ? 'high' : 'medium',
        evidence: [
          announcementEvidence(announcement, note),
          ...(connection ? openingEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
          ...(!reply && transfer ? [commandEvidence(transfer.command.exchange)] : []),
        ],
        rivals: translated ? [] : ['active-not-attempted', 'active-port-unanswered'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, announced, client, server, atClient, refusal }) {
      const refused = refusal === null ? '' : `, and the server refused it: "${replyWords(refusal)}"`
      const order = `to connect to its private address ${announced}`
      if (kind === 'behind-nat') {
        const cause = 'a NAT on the path did not rewrite the announcement'
        return `The client asked the server ${order}, but the server sees the client as ${client}: ${cause}${refused}.`
      }
      const cause = ' A NAT without an FTP helper leaves the address unchanged, and the server cannot reach it.'
      const lost = refusal === null ? ', and the data connection was never established' : refused
      const failure = `${lost}.${atClient ? cause : ''}`
      return `The client asked the public server ${server} ${order}${failure}`
    },
  },

  remedy: (_fact, context) => activeRemedy(context),
})
