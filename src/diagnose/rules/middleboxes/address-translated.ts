import { defineRule } from '../../legacy.js'
import { isInside } from '../../../wire/address-scope.js'
import { announcementEvidence, at, endpointText } from '../../words/evidence.js'
import { isEstablished } from '../../facts/passive.js'
import { type Side } from '../../rule.js'

export const addressTranslated = defineRule({
  id: 'address-translated',
  title: 'data connection reaches another address than announced',
  severity: 'info',
  side: 'unknown',
  level: 'remark',
  proves: 'translator',
  remedy: ['Nothing, as long as it works; for FTPS announce the address that the other side dials'],
  references: ['RFC 3027 §3.1 (FTP through NAT)', 'RFC 2663 §3.4', 'RFC 4217 §2'],
  samples: { reports: 'made/address-translated.pcap', silent: 'made/address-translated--silent.pcap' },

  *check(session) {
    for (const channel of session.channels) {
      const { announcement, connection, match } = channel
      if (!announcement || !connection || match !== 'translated' || !isEstablished(channel)) continue
      const { client, server } = session
      const passive = announcement.mode === 'passive'
      const listener = passive ? server.address : client.address
      const announced = endpointText(announcement.address ?? listener, announcement.port)
      const reached = endpointText(connection.responder.address, connection.responder.port)
      const inward = isInside(connection.responder.address) && !isInside(announcement.address ?? listener)
      const side: Side = passive ? 'server-network' : 'client-network'
      yield {
        side,
        confidence: 'high',
        harmless: true,
        message: `${passive ? 'The server' : 'The client'} announced ${announced}, and the data connection reached ${reached}: ${
          inward
            ? `a NAT before the ${passive ? 'server' : 'client'} translates the one into the other, and this capture was made behind it`
            : `a NAT between the announcement and this capture translated the address`
        }.`,
        evidence: [announcementEvidence(announcement), at(connection.first, `first packet to ${reached}`)],
        channel,
      }
      // The box does the same for all connections of the session.
      return
    }
  },
})
