import type { DataChannel, Session } from '../../../correlate/model.js'
import { type AddressScope, isInside, scope } from '../../../wire/address-scope.js'
import { activeChannels, announcesThirdHost, namesServicePort } from '../../facts/active.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, endpointText, replyEvidence, synEvidence } from '../../words/evidence.js'
import type { Shown } from '../../words/quote.js'

const HOST_SCOPES: ReadonlySet<AddressScope> = new Set<AddressScope>(['public', 'documentation', 'reserved'])

export interface Bounce extends Fact {
  /** An exchange transfers data to an unprivileged port of another host, as between two servers (FXP). */
  kind: 'bounce' | 'exchange'
  /** Addresses of the two. */
  client: string
  server: string
  /** Address and port that PORT or EPRT names, as text. */
  target: string
  /** The address is not the one that the client connects from. */
  otherAddress: boolean
  /** The port is below 1024. */
  servicePort: boolean
  /** The same client has a control connection with that host, too. */
  partner: boolean
  /** How far the server complied; `unknown` where its reply was not captured. */
  result: 'refused' | 'accepted' | 'connected' | 'transferred' | 'unknown'
}

export const portBounce = defineRule<Bounce>({
  id: 'port-bounce',
  title: 'PORT names a third host or a low port',
  severity: 'error',
  side: 'client',
  level: 'cause',
  decides: ({ channel }) => channel?.transfer?.outcome !== 'completed',
  references: ['RFC 2577 §3, §8', 'CERT CA-1997-27 (FTP bounce)', 'RFC 959 §5.2 (data between two servers)'],
  samples: { reports: 'made/port-bounce.pcap', silent: 'made/port-bounce--silent.pcap' },
  needs: ['active'],
  *check(session, facts) {
    const channels = [...activeChannels(session)]
    const namesOthers = namesThirdHosts(session, channels)
    for (const channel of channels) {
      const servicePort = namesServicePort(channel)
      const partner = session.surroundings.exchangePartners.includes(channel.announcement!.address ?? '')
      const third = isThirdHost(session, channel) || ((namesOthers || partner) && isOther(session, channel))
      if (!servicePort && !third) continue
      const announcement = channel.announcement!
      const client = session.client.address
      const address = announcement.address ?? client
      const result = resultOf(channel)
      const exchange = third && !servicePort && (result === 'transferred' || (partner && result !== 'refused'))
      const reply = announcement.reply ?? negativeReply(channel)
      yield {
        fact: {
          kind: exchange ? 'exchange' : 'bounce',
          client,
          server: session.server.address,
          target: endpointText(address, announcement.port),
          otherAddress: address !== client,
          servicePort,
          partner,
          result,
        },
        severity: exchange ? (partner ? 'info' : 'warning') : 'error',
        // Worth reporting all the same, but the user succeeded another way.
        harmless: (exchange && partner) || (result !== 'transferred' && facts.madeGood(channel)),
        confidence: (servicePort && third) || (exchange && partner) ? 'high' : 'medium',
        evidence: [
          announcementEvidence(announcement, `the control connection comes from ${client}`),
          ...(reply ? [replyEvidence(reply)] : []),
          ...(channel.connection ? synEvidence(channel.connection) : []),
        ],
        rivals: third && !servicePort && !partner ? ['active-address-mismatch'] : [],
        channel,
      }
    }
  },
  texts: {
    message(fact) {
      const asked = `${fact.client} asked the server ${fact.server} to connect to ${fact.target}`
      if (fact.kind === 'exchange' && fact.partner) {
        return `${asked}, where it has a control connection, too: a transfer between two servers (FXP).`
      }
      return `${asked}, ${targetWords(fact)}; ${resultWords(fact)}.`
    },
  },
  remedy: ({ kind, partner, client, result }, { serverSoftware }) =>
    kind === 'exchange' && partner
      ? ['no change needed if the user wants servers to exchange files directly']
      : result === 'refused'
        ? [
            'no change needed on the server, which refused',
            `on ${client}: find out which program or user sent this`,
            'if it was unintended, as with several addresses or a wrong external address in the client: ' +
              'use passive mode',
          ]
        : [
            serverRemedy(
              serverSoftware,
              'refuse PORT and EPRT for other addresses and for ports below 1024',
              (s) => s.noBounce,
            ),
          ],
})

function targetWords({ otherAddress, servicePort }: Shown<Bounce>): string {
  if (!otherAddress) return 'a privileged port of its own'
  return `which is not the address that it connects from${servicePort ? ', on a privileged port' : ''}`
}

function resultWords({ kind, result }: Shown<Bounce>): string {
  switch (result) {
    case 'refused':
      return 'the server refused'
    case 'transferred': {
      const exchange = ': a transfer between two servers (FXP) if the user intended it'
      return `the server connected there, and data was transferred${kind === 'exchange' ? exchange : ''}`
    }
    case 'connected':
      return 'the server accepted and connected there'
    case 'accepted':
      return 'the server accepted'
    case 'unknown':
      return "the server's reply was not captured"
  }
}

function resultOf(channel: DataChannel): Bounce['result'] {
  const { announcement, connection, transfer } = channel
  if (announcement!.refused) return 'refused'
  if (connection) return isEstablished(channel) && transfer?.outcome === 'completed' ? 'transferred' : 'connected'
  return announcement!.accepted ? 'accepted' : 'unknown'
}

/** One host cannot have all the addresses that are named: what a single one would excuse is excused no more. */
function namesThirdHosts(session: Session, channels: readonly DataChannel[]): boolean {
  if (channels.some((channel) => isThirdHost(session, channel))) return true
  const others = channels.filter((channel) => isOther(session, channel))
  return new Set(others.map(({ announcement }) => announcement!.address)).size > 1
}

/** A host's address, but not that of the client. */
function isOther({ client }: Session, { announcement }: DataChannel): boolean {
  const address = announcement!.address
  if (address === null || address === client.address) return false
  return isInside(address) || HOST_SCOPES.has(scope(address))
}

/**
 * Neither the client as the server sees it, nor a private address, which would be its own behind NAT, nor the public
 * address that a client behind NAT was configured to announce.
 */
function isThirdHost(session: Session, channel: DataChannel): boolean {
  if (!announcesThirdHost(session, channel) || isInside(session.client.address)) return false
  // Wildcard, loopback, multicast, broadcast: a broken client, not another host.
  return HOST_SCOPES.has(scope(channel.announcement!.address!))
}
