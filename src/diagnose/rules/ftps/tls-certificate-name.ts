import { otherName, refusedFor } from '../../facts/certificate-faults.js'
import { faultRemedy } from '../../remedies/certificate-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import {
  certificateEvidence,
  certificateFact,
  type CertificateFact,
  faultWords,
  sentence,
} from '../../words/certificate.js'
import { at } from '../../words/evidence.js'

export const tlsCertificateName = defineRule<CertificateFact & Fact>({
  id: 'tls-certificate-name',
  title: 'certificate is for another name',
  severity: 'warning',
  side: 'server',
  level: 'remark',
  // Where it was refused, the handshake failed.
  decides: false,
  references: ['RFC 9525 §6 (names)', 'RFC 6066 §3 (server_name)', 'RFC 7151 (HOST)', 'RFC 4217 §15.1.1'],
  samples: { reports: 'made/tls-certificate-name.pcap', silent: 'made/tls-certificate-name--silent.pcap' },
  needs: ['tls'],
  *check(session, facts) {
    const connection = facts.tls.connections.find(({ channel }) => channel === null)
    const fault = connection && otherName(connection, session)
    if (!fault) return
    const refused = refusedFor(facts)?.fault.kind === 'other-name'
    const source = fault.from === 'server-name' ? 'ClientHello with the name that the client wants' : 'HOST'
    yield {
      fact: certificateFact(connection, 'server', fault),
      // Many clients do not verify, or were told to accept it.
      severity: refused ? 'warning' : 'info',
      confidence: 'high',
      evidence: [certificateEvidence(connection, 'server', 'certificate'), at(fault.at, source)],
    }
  },
  texts: { message: (fact) => sentence(faultWords(fact)) },
  remedy: faultRemedy,
})
