import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, contextOf } from '../../legacy.js'
import { madeGood } from '../../legacy.js'
import { isPublic, isInside } from '../../../wire/address-scope.js'
import { announcementEvidence, endpointText, refusalOf, replyEvidence, synEvidence } from '../../words/evidence.js'
import { activeChannels, announcesInsideToOutside, namesServicePort } from '../../facts/active.js'
import { isEstablished } from '../../facts/passive.js'

export const activeAddressMismatch = defineRule({
  id: 'active-address-mismatch',
  title: 'client announces another address',
  severity: 'error',
  side: 'client',
  level: 'cause',
  concernsDataSyn: true,
  remedy: ['Let the client announce the address that it connects from'],
  references: ['RFC 959 §4.1.2 (PORT)', 'RFC 2577 §3'],
  samples: { reports: 'made/active-address-mismatch.pcap', silent: 'made/active-address-mismatch--silent.pcap' },
  needs: ['active'],

  *check(session) {
    const peer = session.client.address
    for (const channel of activeChannels(session)) {
      const announcement = channel.announcement!
      if (announcement.address === null || announcement.address === peer) continue
      if (announcesInsideToOutside(session, channel) || namesServicePort(channel)) continue
      // The outside address announced from inside is what the client was told to say; the translator behind makes it right.
      if (isInside(peer) && isPublic(announcement.address) && isEstablished(channel)) continue
      // Completed without a connection to this client: a transfer between two servers on the user's order (RFC 959 §5.2).
      const works =
        channel.transfer?.outcome === 'completed' || (isEstablished(channel) && channel.transfer?.outcome !== 'failed')
      const { connection } = channel
      const reply = announcement.refused ? announcement.reply : refusalOf(channel)
      yield {
        severity: works ? 'info' : madeGood(session, channel) ? 'warning' : 'error',
        confidence: works || reply || connection ? 'high' : 'medium',
        message: `The client asked the server to connect to ${endpointText(announcement.address, announcement.port)} although its control connection comes from ${peer}; ${works ? (connection ? 'the data connection came about' : 'the transfer was completed') : announcement.refused ? 'the server refused' : 'the data connection did not come about'}.`,
        evidence: [
          announcementEvidence(announcement, `the control connection comes from ${peer}`),
          ...(connection && !works ? synEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: activeRemedy(contextOf(session)),
        rivals: ['port-bounce'],
        channel,
      }
    }
  },
})
