import { isPublic } from '../../../wire/address-scope.js'
import { announcesOther, announcesPublicFromInside } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { passiveChannels } from '../../facts/passive.js'
import { ignoreAnnouncedRemedy } from '../../remedies/mode-remedies.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, openingEvidence, replyEvidence } from '../../words/evidence.js'
import { type OtherAddress, otherAddressFact, severityOf } from '../other-address.js'

export const passiveAddressMismatch = defineRule<OtherAddress>({
  id: 'passive-address-mismatch',
  title: 'server announces another public address',
  severity: 'error',
  side: 'server',
  level: 'cause',
  judgesAddress: true,
  concernsDataSyn: true,
  references: ['RFC 959 §5.2 (transfers between two servers)', 'RFC 2577 §3'],
  samples: { reports: 'made/passive-address-mismatch.pcap', silent: 'made/passive-address-mismatch--silent.pcap' },
  needs: ['passive'],

  *check(session) {
    for (const channel of passiveChannels(session)) {
      const announcement = channel.announcement!
      if (!announcesOther(session, channel) || !isPublic(announcement.address!)) continue
      // Inside the server's NAT the public address is correct, and so is an address that a NAT translates.
      if (announcesPublicFromInside(session, channel) || channel.match === 'translated') continue
      const { connection } = channel
      const reply = negativeReply(channel)
      const fact = otherAddressFact(session, channel)
      yield {
        fact,
        severity: severityOf(fact),
        confidence: connection ? 'high' : 'medium',
        evidence: [
          announcementEvidence(announcement, `the control connection goes to ${fact.peer}`),
          ...(connection ? openingEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ kind, announced, peer }) {
      const whereas = `${announced} although the client is connected to ${peer}`
      switch (kind) {
        case 'connected':
          return `The server announced ${whereas}; the data connection was established.`
        case 'ignored': {
          const detour = `the client ignored the announced address, and the data connection to ${peer} was established`
          return `The server announced ${whereas}; ${detour}.`
        }
        case 'completed': {
          const unseen = 'the transfer completed without a data connection from this client'
          const causes = 'a transfer between two servers (FXP), or a connection that was not captured'
          return `The server announced ${whereas}; ${unseen}: ${causes}.`
        }
        default: {
          const failure = kind === 'not-seen' ? 'no data connection was captured' : 'the data connection failed'
          return `The server told the client to connect to ${whereas}; ${failure}.`
        }
      }
    },
  },

  remedy: ({ peer }, context) => [
    serverRemedy(context.serverSoftware, `announce ${peer} in 227 replies`, (s) => s.passiveAddress?.(peer)),
    `or ${ignoreAnnouncedRemedy(context)}`,
    'or use EPSV, whose reply names no address',
  ],
})
