import { isInside } from '../../../wire/address-scope.js'
import { endsOf } from '../../facts/announced-address.js'
import { isEstablished } from '../../facts/passive.js'
import { defineRule, type Fact } from '../../rule.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'

export interface AddressTranslated extends Fact {
  /** `inward`: a public address became a private one, so the capture was taken inside the NAT. */
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
  references: ['RFC 3027 §4.1 (FTP through NAT)', 'RFC 2663 §2.9 (ALG)'],
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
      // The NAT translates all connections of the session alike.
      return
    }
  },

  texts: {
    message({ kind, by, announced, reached }) {
      const translation =
        kind === 'inward'
          ? `a NAT in front of the ${by} translates one into the other, and this capture was taken inside it`
          : 'a NAT between the announcing host and this observation point translated the address'
      return `The ${by} announced ${announced}, and the data connection reached ${reached}: ${translation}.`
    },
  },

  remedy: () => ['no change needed while it works', 'for FTPS: announce the address that the other host connects to'],
})
