import { isInside } from '../../../wire/address-scope.js'
import { announcesPublicFromInside } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished, passiveChannels } from '../../facts/passive.js'
import { ignoreAnnouncedRemedy } from '../../remedies/mode-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, endpointText, openingEvidence, replyEvidence } from '../../words/evidence.js'

export interface PublicAddressInside extends Fact {
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
  judgesAddress: true,
  proves: 'translator',
  concernsDataSyn: true,
  references: ['RFC 4787 §6 (hairpinning)', 'RFC 5382 §7.2'],
  samples: {
    reports: 'made/passive-public-address-inside.pcap',
    silent: 'made/passive-public-address-inside--silent.pcap',
  },
  needs: ['passive', 'unfinished'],

  *check(session, { path }) {
    const [client, server] = [session.client.address, session.server.address]
    // For a client from outside the public address is correct: the observation point is inside the translator.
    if (!isInside(client)) return
    for (const channel of passiveChannels(session)) {
      if (!announcesPublicFromInside(session, channel) || isEstablished(channel)) continue
      const { connection, transfer } = channel
      if (!connection && transfer?.outcome === 'completed') continue
      const announcement = channel.announcement!
      // Before a translator the control connection goes to that address as well.
      if (path?.places.some((place) => place.session?.server.address === announcement.address)) continue
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
      const order = `the server told the client to connect to its public address ${announced}`
      const failure = kind === 'failed' ? 'the connection failed' : 'no connection to it was captured'
      return `Client ${client} and server ${server} are both on the inside network, but ${order}; ${failure}.`
    },
  },

  remedy({ address }, context) {
    const { port } = context.session.server
    const forwarded = `forward connections from inside to ${address} like those from outside`
    const scope = `port ${port} and the passive range, with the router's own source address`
    return [
      `on the server: use ${TWO_CONFIGURATIONS} (${BY_SERVER})`,
      'or use EPSV, whose reply names no address',
      `or ${ignoreAnnouncedRemedy(context)}`,
      `or enable hairpin NAT on the router: ${forwarded}, for ${scope}`,
    ]
  },
})

const TWO_CONFIGURATIONS =
  'one configuration without masquerade address for inside clients, and another for outside clients'
const BY_SERVER = 'ProFTPD: a <VirtualHost> per address; vsftpd: a second instance without pasv_address'
