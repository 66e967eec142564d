import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { madeGood, vantageOf } from '../../legacy.js'
import {
  announcementEvidence,
  commandEvidence,
  endpointText,
  icmpEvidence,
  refusalOf,
  replyEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { activeChannels, announcesInsideToOutside } from '../../facts/active.js'
import { isEstablished } from '../../facts/passive.js'

/** How servers word that they take no PORT at all. */
const SWITCHED_OFF = /^502|disabled|not (?:allowed|supported|implemented|enabled)|passive (?:mode )?only|use pasv/i

export const activePrivateAddress = defineRule({
  id: 'active-private-address',
  title: 'client announces a private address',
  severity: 'error',
  side: 'client-network',
  level: 'cause',
  explains: ['active-address-mismatch', 'port-bounce'],
  spares: ['transfer-refused'],
  proves: 'translator',
  concernsDataSyn: true,
  remedy: ["Use passive mode, or an FTP helper on the client's NAT router"],
  references: ['RFC 959 §4.1.2 (PORT)', 'RFC 1579', 'RFC 3022 §5'],
  samples: { reports: 'made/active-private-address.pcap', silent: 'made/active-private-address--silent.pcap' },
  needs: ['active', 'unfinished'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      if (!announcesInsideToOutside(session, channel) || isEstablished(channel)) continue
      const announcement = channel.announcement!
      const { connection } = channel
      const reply = announcement.refused ? announcement.reply : refusalOf(channel)
      // Without a "no", a lost connection or a missing one there is nothing to explain.
      if (!reply && !connection && channel.transfer?.outcome !== 'unknown') continue
      if (!reply && !connection && (session.cutOff || !channel.transfer)) continue
      // Active mode is switched off: any address would have been refused.
      if (announcement.refused && reply && SWITCHED_OFF.test(`${reply.code} ${reply.text}`)) continue
      const translated = announcement.address !== session.client.address
      const announced = endpointText(announcement.address, announcement.port)
      const before = !translated && vantageOf(session).at === 'client'
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        // Inside the client's network the address is right there; a translator may still rewrite it on the way.
        confidence: translated ? 'high' : 'medium',
        message: translated
          ? `The client asked the server to connect to its private address ${announced}, but the server sees it as ${session.client.address}: a NAT on the way did not rewrite the announcement.`
          : `The client asked the public server ${session.server.address} to connect to its private address ${announced}, and the data connection did not come about.${before ? ' A NAT without FTP helper leaves the address as it is, and the server cannot reach it.' : ''}`,
        evidence: [
          announcementEvidence(
            announcement,
            translated ? `the control connection comes from ${session.client.address}` : '',
          ),
          ...(connection ? synEvidence(connection) : []),
          ...(connection?.icmpErrors.slice(0, 1).map(icmpEvidence) ?? []),
          ...(reply ? [replyEvidence(reply)] : []),
          ...(!reply && channel.transfer ? [commandEvidence(channel.transfer.command.exchange)] : []),
        ],
        remedy: activeRemedy(contextOf(session)),
        ...(translated ? {} : { rivals: ['active-not-attempted' as const, 'active-port-unanswered' as const] }),
        channel,
      }
    }
  },
})
