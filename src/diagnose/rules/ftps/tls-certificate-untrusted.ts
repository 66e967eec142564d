import { chainEnd, refusedFor } from '../../facts/certificate-faults.js'
import { faultRemedy } from '../../remedies/certificate-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  certificateEvidence,
  certificateFact,
  type CertificateFact,
  faultWords,
  sentence,
} from '../../words/certificate.js'

export const tlsCertificateUntrusted = defineRule<CertificateFact & Fact>({
  id: 'tls-certificate-untrusted',
  title: 'certificate leads to no known authority',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  // Where it was refused, the handshake failed.
  decides: false,
  references: ['RFC 5246 §7.4.2 (order of the chain)', 'RFC 8446 §4.4.2, §6.2 (unknown_ca)', 'RFC 5280 §6.1'],
  samples: { reports: 'made/tls-certificate-untrusted.pcap', silent: 'made/tls-certificate-untrusted--silent.pcap' },
  needs: ['tls'],
  *check(_session, facts) {
    const connection = facts.tls.connections.find(({ channel }) => channel === null)
    const end = connection && chainEnd(connection)
    if (!end) return
    const refused = refusedFor(facts)?.fault.kind === end.kind
    const missing = end.kind === 'issuer-not-sent' && end.publiclyIssued
    // Any authority may be known to the client: without a refusal, only what no public authority issues is a fault.
    if (!refused && !missing) return
    const sent = connection.tls.certificates.length
    yield {
      fact: certificateFact(connection, 'server', end),
      side: end.kind === 'issuer-not-sent' ? 'server' : 'client',
      // A private authority may have issued it directly: then the client lacks that one.
      confidence: end.kind === 'issuer-not-sent' && !missing ? 'medium' : 'high',
      evidence: [
        certificateEvidence(
          connection,
          'server',
          sent === 1 ? 'certificate, sent alone' : `the first of ${sent} certificates`,
        ),
      ],
    }
  },
  texts: {
    title: ({ kind }) => (kind === 'issuer-not-sent' ? 'certificate sent without its intermediate' : null),
    message: (fact) => sentence(faultWords(fact)),
  },
  remedy: faultRemedy,
})
