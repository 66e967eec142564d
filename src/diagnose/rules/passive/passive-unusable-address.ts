import { defineRule, madeGood } from '../../legacy.js'
import { announcementEvidence, endpointText, refusalOf, replyEvidence } from '../../words/evidence.js'
import { isUnusable, passiveChannels } from '../../facts/passive.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

export const passiveUnusableAddress = defineRule({
  id: 'passive-unusable-address',
  title: 'server announces an unusable address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  explains: ['passive-address-mismatch'],
  concernsDataSyn: true,
  remedy: ['Let the server announce the address that clients reach it by'],
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 6890'],
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
