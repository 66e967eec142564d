import { announcementEvidence, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import { isUnusable, madeGood, passiveChannels } from '../../facts/passive.js'
import { defineRule } from '../../rule.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const passiveUnusableAddress = defineRule({
  id: 'passive-unusable-address',
  title: 'server announces an unusable address',
  severity: 'error',
  side: 'server',
  explanation:
    'The server announced an address that no client can dial: unspecified, loopback, multicast or broadcast. A client that obeys dials itself, so nothing of it is seen on the wire.',
  remedy: ['Let the server announce the address that clients reach it by'],
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 6890'],
  explains: [
    'command-unanswered',
    'passive-not-attempted',
    'passive-port-unanswered',
    'passive-port-refused',
    'passive-address-mismatch',
    'extended-passive-blocked',
  ],
  samples: { reports: 'made/passive-unusable-address.pcap', silent: 'made/passive-unusable-address--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      if (!isUnusable(session, channel)) continue
      const { address, port } = channel.announcement!
      const ignored = channel.state === 'established'
      const reply = refusalOf(channel)
      const outside = session.server.address
      yield {
        severity: ignored || madeGood(session, channel) ? 'warning' : 'error',
        confidence: 'high',
        message: `The server announced ${endpointText(address, port)}, to which no client can connect.${ignored ? ` The client used ${outside} instead.` : ''}`,
        evidence: [
          announcementEvidence(channel.announcement!, `the control connection goes to ${outside}`),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        remedy: [
          serverRemedy(session.dialogue.serverSoftware, `${outside} announced in 227`, (s) =>
            s.passiveAddress?.(outside),
          ),
          `or EPSV, which names no address; or ${clientRemedy(session.dialogue.clientSoftware, 'dial the address of the control connection', (c) => c.ignoreAnnounced)}`,
        ],
        channel,
      }
    }
  },
})
