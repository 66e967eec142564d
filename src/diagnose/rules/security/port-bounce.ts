import { defineRule, madeGood } from '../../legacy.js'
import type { DataChannel, Session } from '../../../correlate/model.js'
import { type AddressScope, scope, isInside } from '../../../wire/address-scope.js'
import { activeChannels, announcesThirdHost, namesServicePort } from '../../facts/active.js'
import { announcementEvidence, endpointText, refusalOf, replyEvidence, synEvidence } from '../../words/evidence.js'
import { isEstablished } from '../../facts/passive.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

const HOST_SCOPES: ReadonlySet<AddressScope> = new Set<AddressScope>(['public', 'documentation', 'reserved'])

export const portBounce = defineRule({
  id: 'port-bounce',
  title: 'PORT names a third host or a low port',
  severity: 'error',
  side: 'client',
  level: 'cause',
  decides: ({ channel }) => channel?.transfer?.outcome !== 'completed',
  remedy: ['Let the server refuse PORT to other addresses and to ports below 1024'],
  references: ['RFC 2577 §3, §8', 'CERT CA-1997-27 (FTP bounce)', 'RFC 959 §5.2 (data between two servers)'],
  samples: { reports: 'made/port-bounce.pcap', silent: 'made/port-bounce--silent.pcap' },
  needs: ['active'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      const { address, port } = channel.announcement!
      const low = namesServicePort(channel)
      const third = isThirdHost(session, channel)
      if (!low && !third) continue
      const announcement = channel.announcement!
      const { connection } = channel
      const worked = isEstablished(channel) && channel.transfer?.outcome === 'completed'
      const exchanged = third && !low && worked
      const reply = announcement.reply ?? refusalOf(channel)
      const peer = session.client.address
      yield {
        severity: exchanged ? 'warning' : 'error',
        // Worth telling all the same, but the user got what was wanted another way.
        harmless: !worked && madeGood(session, channel),
        confidence: low && third ? 'high' : 'medium',
        message: `${peer} told the server ${session.server.address} to connect to ${endpointText(address ?? peer, port)}, ${
          address !== null && address !== peer
            ? `which is not the address that it connects from${low ? ', on a port of a service' : ''}`
            : 'a port of a service on itself'
        }; ${
          announcement.refused
            ? 'the server refused'
            : connection
              ? worked
                ? `it did, and data was transferred there${exchanged ? ': an exchange between two servers (FXP) if the user wanted it' : ''}`
                : 'it accepted and connected there'
              : announcement.accepted
                ? 'the server accepted'
                : "the server's answer was not captured"
        }.`,
        evidence: [
          announcementEvidence(announcement, `the control connection comes from ${peer}`),
          ...(reply ? [replyEvidence(reply)] : []),
          ...(connection ? synEvidence(connection) : []),
        ],
        remedy: announcement.refused
          ? [
              `nothing on the server, which refused; on ${peer}: find out which program or user sent this`,
              'a client with several addresses, or a wrong external address in its settings, does the same without ill will: passive mode',
            ]
          : [
              serverRemedy(
                session.dialogue.serverSoftware,
                'PORT and EPRT refused for other addresses and for ports below 1024',
                (s) => s.noBounce,
              ),
            ],
        rivals: third && !low ? ['active-address-mismatch'] : [],
        channel,
      }
    }
  },
})

/**
 * Neither the client as the server sees it, nor an inside address, which would be its own behind NAT, nor the outside address that a
 * client behind NAT was told to announce.
 */
function isThirdHost(session: Session, channel: DataChannel): boolean {
  if (!announcesThirdHost(session, channel) || isInside(session.client.address)) return false
  // Wildcard, loopback, multicast, broadcast: a broken client, not another host.
  return HOST_SCOPES.has(scope(channel.announcement!.address!))
}
