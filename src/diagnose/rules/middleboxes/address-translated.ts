import { isInside } from '../../../wire/address-scope.js'
import { endsOf } from '../../facts/announced-address.js'
import { isEstablished } from '../../facts/passive.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'

interface AddressTranslated extends Fact {
  /** `inward`: a public address became a private one, so the capture was made behind the NAT. */
  kind: 'inward' | 'in-between'
  /** Who announced the port. */
  by: 'client' | 'server'
  /** Address and port as announced, and those of the data connection, as text. */
  announced: string
  reached: string
}

export const addressTranslated = defineRule<AddressTranslated>({
  id: 'address-translated',
  title: 'data connection reaches another address than announced',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  proves: 'translator',
  references: ['RFC 3027 §3.1 (FTP through NAT)', 'RFC 2663 §3.4', 'RFC 4217 §2'],
  samples: { reports: 'made/address-translated.pcap', silent: 'made/address-translated--silent.pcap' },

  *check(session) {
    for (const channel of session.channels) {
      const { announcement, connection, match, mode } = channel
      if (!announcement || !connection || match !== 'translated' || !isEstablished(channel)) continue
      const by = mode === 'passive' ? 'server' : 'client'
      const address = announcement.address ?? endsOf(session, channel).listener
      const { responder } = connection
      const inward = isInside(responder.address) && !isInside(address)
      const reached = endpointText(responder.address, responder.port)
      yield {
        fact: {
          kind: inward ? 'inward' : 'in-between',
          by,
          announced: endpointText(address, announcement.port),
          reached,
        },
        side: `${by}-network`,
        confidence: 'high',
        harmless: true,
        evidence: [announcementEvidence(announcement), at(connection.first, `first packet to ${reached}`)],
        channel,
      }
      // The NAT does the same for all connections of the session.
      return
    }
  },

  texts: {
    message({ kind, by, announced, reached }) {
      const translation =
        kind === 'inward'
          ? `a NAT before the ${by} translates the one into the other, and this capture was made behind it`
          : 'a NAT between the announcement and this capture translated the address'
      return `The ${by} announced ${announced}, and the data connection reached ${reached}: ${translation}.`
    },
  },

  remedy: () => ['Nothing, as long as it works; for FTPS announce the address that the other side dials'],
})
