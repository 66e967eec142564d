import { announcesUnusable } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished, passiveChannels } from '../../facts/passive.js'
import { ignoreAnnouncedRemedy } from '../../remedies/mode-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, endpointText, replyEvidence } from '../../words/evidence.js'

/** `ignored`: the client connected to the server's address in the control connection instead. */
export interface UnusableAddress extends Fact {
  kind: 'ignored' | 'followed'
  /** The announced address and port, as text. */
  announced: string
  /** Address of the server in the control connection. */
  server: string
}

export const passiveUnusableAddress = defineRule<UnusableAddress>({
  id: 'passive-unusable-address',
  title: 'server announces an unusable address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  judgesAddress: true,
  explains: ['passive-address-mismatch'],
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2 (PASV)', 'RFC 6890'],
  samples: { reports: 'made/passive-unusable-address.pcap', silent: 'made/passive-unusable-address--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    const server = session.server.address
    for (const channel of passiveChannels(session)) {
      if (!announcesUnusable(session, channel)) continue
      const { address, port } = channel.announcement!
      const ignored = isEstablished(channel)
      const reply = negativeReply(channel)
      yield {
        fact: { kind: ignored ? 'ignored' : 'followed', announced: endpointText(address, port), server },
        severity: ignored ? 'warning' : 'error',
        confidence: 'high',
        evidence: [
          announcementEvidence(channel.announcement!, `the control connection goes to ${server}`),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, announced, server }) {
      const instead = kind === 'ignored' ? ` The client connected to ${server} instead.` : ''
      return `The server announced ${announced}, an address that no client can connect to.${instead}`
    },
  },

  remedy: ({ server }, context) => [
    serverRemedy(context.serverSoftware, `announce ${server} in 227 replies`, (s) => s.passiveAddress?.(server)),
    'or use EPSV, whose reply names no address',
    `or ${ignoreAnnouncedRemedy(context)}`,
  ],
})
