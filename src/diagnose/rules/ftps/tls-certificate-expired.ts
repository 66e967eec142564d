import { outOfDate, refusedFor } from '../../facts/certificate-faults.js'
import { faultRemedy } from '../../remedies/certificate-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  certificateEvidence,
  certificateFact,
  type CertificateFact,
  faultWords,
  sentence,
} from '../../words/certificate.js'

/** By less, a clock that is wrong is as likely. */
const DAY_MS = 86_400_000

export const tlsCertificateExpired = defineRule<CertificateFact & Fact>({
  id: 'tls-certificate-expired',
  title: 'certificate not valid at the time',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  // Where it was refused, the handshake failed.
  decides: false,
  references: ['RFC 5280 §4.1.2.5 (validity), §6.1.3', 'RFC 8446 §6.2 (certificate_expired)'],
  samples: { reports: 'made/tls-certificate-expired.pcap', silent: 'made/tls-certificate-expired--silent.pcap' },
  needs: ['tls'],
  *check(_session, facts) {
    const refused = refusedFor(facts)?.fault.kind
    const seen = new Set<string>()
    for (const connection of facts.tls.connections) {
      for (const owner of ['server', 'client'] as const) {
        const own = connection[owner][0]
        const fault = outOfDate(connection, owner, facts.epoch)
        if (!own || !fault || seen.has(own.fingerprint)) continue
        seen.add(own.fingerprint)
        const { kind, limit, sent } = fault
        // Whoever made it for himself uses it from then on: before that, the clock of the capture is wrong.
        if (kind === 'not-yet-valid' && own.selfSigned && refused !== kind) continue
        const until = `${kind === 'expired' ? 'to' : 'from'} ${new Date(limit).toISOString().slice(0, 10)}`
        yield {
          fact: certificateFact(connection, owner, fault),
          side: owner,
          // Who accepts what is self-signed has no use for its dates.
          severity: own.selfSigned && refused !== kind ? 'info' : 'warning',
          confidence: Math.abs(sent - limit) < DAY_MS ? 'medium' : 'high',
          evidence: [certificateEvidence(connection, owner, `certificate, valid ${until}`)],
          ...(connection.channel ? { channel: connection.channel } : {}),
        }
      }
    }
  },
  texts: {
    title: ({ kind }) => (kind === 'expired' ? 'certificate expired' : 'certificate not yet valid'),
    message: (fact) => sentence(faultWords(fact)),
  },
  remedy: faultRemedy,
})
