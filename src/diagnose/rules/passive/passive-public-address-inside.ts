import { isInside } from '../../../wire/address-scope.js'
import { announcesPublicFromInside } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished, passiveChannels } from '../../facts/passive.js'
import { ignoreAnnouncedRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, endpointText, openingEvidence, replyEvidence } from '../../words/evidence.js'

interface PublicAddressInside extends Fact {
  kind: 'failed' | 'not-seen'
  /** The announced address and port, as text, and the address alone. */
  announced: string
  address: string
  /** Addresses of the control connection, both private. */
  client: string
  server: string
}

export const passivePublicAddressInside = defineRule<PublicAddressInside>({
  id: 'passive-public-address-inside',
  title: 'server announces its public address to an inside client',
  severity: 'error',
  side: 'server-network',
  level: 'cause',
  proves: 'translator',
  concernsDataSyn: true,
  references: ['RFC 4787 §6 (hairpinning)', 'RFC 5382 §7.2'],
  samples: {
    reports: 'made/passive-public-address-inside.pcap',
    silent: 'made/passive-public-address-inside--silent.pcap',
  },
  needs: ['passive', 'unfinished'],

  *check(session) {
    const [client, server] = [session.client.address, session.server.address]
    // A client from outside is told the outside address rightly: this point of capture is behind the translator.
    if (!isInside(client)) return
    for (const channel of passiveChannels(session)) {
      if (!announcesPublicFromInside(session, channel) || isEstablished(channel)) continue
      const { connection, transfer } = channel
      if (!connection && transfer?.outcome === 'completed') continue
      const announcement = channel.announcement!
      const address = announcement.address!
      const announced = endpointText(address, announcement.port)
      const reply = negativeReply(channel)
      yield {
        fact: { kind: connection ? 'failed' : 'not-seen', announced, address, client, server },
        confidence: connection ? 'high' : 'medium',
        evidence: [
          announcementEvidence(announcement, `the control connection goes to ${server}`),
          ...(connection ? openingEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, announced, client, server }) {
      const order = `the server told the client to connect to its outside address ${announced}`
      const failure = kind === 'failed' ? 'the connection failed' : 'no connection to it was seen'
      return `Client ${client} and server ${server} are both inside, but ${order}; ${failure}.`
    },
  },

  remedy({ address }, context) {
    const { port } = context.session.server
    const forwarded = `connections from inside to ${address} forwarded like those from outside`
    return [
      `on the server: ${TWO_CONFIGURATIONS} (${BY_SERVER})`,
      'or EPSV, which names no address',
      `or ${ignoreAnnouncedRemedy(context)}`,
      `or hairpin NAT on the router: ${forwarded}, port ${port} and the passive range, with its own source address`,
    ]
  },
})

const TWO_CONFIGURATIONS = 'one configuration for inside clients without masquerade address, one for outside clients'
const BY_SERVER = 'ProFTPD: a <VirtualHost> per address; vsftpd: a second instance without pasv_address'
