import { isInside } from '../../../wire/address-scope.js'
import { defineRule, madeGood } from '../../legacy.js'
import {
  announcementEvidence,
  endpointText,
  icmpEvidence,
  refusalOf,
  replyEvidence,
  resetEvidence,
  synEvidence,
} from '../../words/evidence.js'
import { announcesOutsideFromInside, isEstablished, isUnusable, passiveChannels } from '../../facts/passive.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'

export const passivePublicAddressInside = defineRule({
  id: 'passive-public-address-inside',
  title: 'server announces its public address to an inside client',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  proves: 'translator',
  concernsDataSyn: true,
  remedy: ['Announce the inside address to inside clients'],
  references: ['RFC 4787 §6 (hairpinning)', 'RFC 5382 §7.2'],
  samples: {
    reports: 'made/passive-public-address-inside.pcap',
    silent: 'made/passive-public-address-inside--silent.pcap',
  },
  needs: ['passive', 'unfinished'],

  *check(session) {
    // A client from outside is told the outside address rightly: this point of capture is behind the translator.
    if (!isInside(session.client.address)) return
    for (const channel of passiveChannels(session)) {
      if (!announcesOutsideFromInside(session, channel) || isUnusable(session, channel) || isEstablished(channel))
        continue
      const { connection } = channel
      if (!connection && channel.transfer?.outcome === 'completed') continue
      const announcement = channel.announcement!
      const reply = refusalOf(channel)
      yield {
        severity: madeGood(session, channel) ? 'warning' : 'error',
        confidence: connection ? 'high' : 'medium',
        message: `Client ${session.client.address} and server ${session.server.address} are both inside, but the server told the client to connect to its outside address ${endpointText(announcement.address, announcement.port)}; ${connection ? 'the connection failed' : 'no connection to it was seen'}.`,
        evidence: [
          announcementEvidence(announcement, `the control connection goes to ${session.server.address}`),
          ...(connection ? synEvidence(connection) : []),
          ...(connection?.resets.slice(0, 1).map((r) => resetEvidence(r, connection.responder.address)) ?? []),
          ...(connection?.icmpErrors.slice(0, 1).map(icmpEvidence) ?? []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          'on the server: one configuration for inside clients without masquerade address, one for outside clients (ProFTPD: a <VirtualHost> per address; vsftpd: a second instance without pasv_address)',
          'or EPSV, which names no address',
          `or ${clientRemedy(session.dialogue.clientSoftware, 'dial the address of the control connection', (c) => c.ignoreAnnounced)}`,
          `or hairpin NAT on the router: connections from inside to ${announcement.address} forwarded like those from outside, port ${session.server.port} and the passive range, with its own source address`,
        ],
        channel,
      }
    }
  },
})
