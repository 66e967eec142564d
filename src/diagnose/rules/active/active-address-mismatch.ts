import { activeChannels, namesServicePort } from '../../facts/active.js'
import { announcesOther, announcesPublicFromInside, privateAnnouncement } from '../../facts/announced-address.js'
import { negativeReply } from '../../facts/attempt.js'
import { isEstablished } from '../../facts/passive.js'
import { activeRemedy } from '../../remedies/mode-remedies.js'
import { defineRule } from '../../rule.js'
import { announcementEvidence, openingEvidence, replyEvidence } from '../../words/evidence.js'
import { hasWorked, type OtherAddress, otherAddressFact, severityOf } from '../other-address.js'

export const activeAddressMismatch = defineRule<OtherAddress>({
  id: 'active-address-mismatch',
  title: 'client announces another address',
  severity: 'error',
  side: 'client',
  level: 'cause',
  judgesAddress: true,
  concernsDataSyn: true,
  references: ['RFC 959 §4.1.2 (PORT)', 'RFC 2577 §3'],
  samples: { reports: 'made/active-address-mismatch.pcap', silent: 'made/active-address-mismatch--silent.pcap' },
  needs: ['active'],

  *check(session) {
    for (const channel of activeChannels(session)) {
      if (!announcesOther(session, channel) || namesServicePort(channel)) continue
      if (privateAnnouncement(session, channel) !== null) continue
      // A public address announced from inside is configured in the client; the translator makes it work.
      if (announcesPublicFromInside(session, channel) && isEstablished(channel)) continue
      const { connection } = channel
      const reply = negativeReply(channel)
      const fact = otherAddressFact(session, channel)
      const worked = hasWorked(fact.kind)
      yield {
        fact,
        severity: severityOf(fact),
        confidence: worked || reply || connection ? 'high' : 'medium',
        evidence: [
          announcementEvidence(channel.announcement!, `the control connection comes from ${fact.peer}`),
          ...(connection && !worked ? openingEvidence(connection) : []),
          ...(reply ? [replyEvidence(reply)] : []),
        ],
        rivals: ['port-bounce'],
        channel,
      }
    }
  },

  texts: {
    message({ kind, announced, peer }) {
      const order = `The client asked the server to connect to ${announced}`
      return `${order} although its control connection comes from ${peer}; ${RESULTS[kind]}.`
    },
  },

  remedy: (_fact, context) => activeRemedy(context),
})

const ESTABLISHED = 'the data connection was established'
const FAILED = 'the data connection was never established'
const RESULTS: Readonly<Record<OtherAddress['kind'], string>> = {
  connected: ESTABLISHED,
  ignored: ESTABLISHED,
  completed: 'the transfer completed',
  refused: 'the server refused',
  failed: FAILED,
  'not-seen': FAILED,
}
