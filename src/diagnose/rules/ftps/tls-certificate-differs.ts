import { sameCertificate } from '../../remedies/certificate-remedies.js'
import { defineRule, type Fact } from '../../rule.js'
import { certificateEvidence } from '../../words/certificate.js'
import { at, endpointText } from '../../words/evidence.js'
import { Quote } from '../../words/quote.js'
import { sameBytes } from '../../../tls/crypto/crypto.js'

/** The server's certificate on a data connection is not that of the control connection. */
export interface OtherCertificate extends Fact {
  /** For the same subject, as after a renewal; or for another. */
  kind: 'same-subject' | 'other-subject'
  control: Quote
  data: Quote
  /** SHA-256, in hexadecimal. */
  controlFingerprint: string
  dataFingerprint: string
  /** Address and port of the data connection. */
  target: string
}

export const tlsCertificateDiffers = defineRule<OtherCertificate>({
  id: 'tls-certificate-differs',
  title: 'data connection has another certificate',
  severity: 'warning',
  side: 'server-network',
  level: 'remark',
  decides: false,
  references: ['RFC 4217 §10, §12', 'RFC 4217 §15.1.1'],
  samples: { reports: 'made/tls-certificate-differs.pcap', silent: 'made/tls-certificate-differs--silent.pcap' },
  needs: ['tls'],
  *check(_session, facts) {
    const [control, ...others] = facts.tls.connections
    const own = control?.channel === null ? control.server[0] : undefined
    if (!control || !own) return
    for (const connection of others) {
      const other = connection.server[0]
      const { channel } = connection
      if (!other || !channel || other.fingerprint === own.fingerprint) continue
      const same = sameBytes(own.subject.whole, other.subject.whole)
      const { address, port } = connection.connection.responder
      yield {
        fact: {
          kind: same ? 'same-subject' : 'other-subject',
          control: new Quote(own.subject.text),
          data: new Quote(other.subject.text),
          controlFingerprint: own.fingerprint,
          dataFingerprint: other.fingerprint,
          target: endpointText(address, port),
        },
        confidence: 'high',
        severity: same ? 'info' : 'warning',
        evidence: [
          certificateEvidence(connection, 'server', 'certificate of the data connection'),
          at(control.tls.certificateAt ?? control.connection.first, 'certificate of the control connection'),
        ],
        channel,
      }
    }
  },
  texts: {
    message({ kind, control, data, target, controlFingerprint, dataFingerprint }) {
      const digests = `SHA-256 ${dataFingerprint.slice(0, SHORT)}… and ${controlFingerprint.slice(0, SHORT)}…`
      const where = `On the data connection to ${target} the server sent`
      return kind === 'same-subject'
        ? `${where} another certificate for ${data} than on the control connection (${digests}).`
        : `${where} the certificate of ${data}, and on the control connection that of ${control} (${digests}).`
    },
  },
  remedy: ({ kind }, context) => sameCertificate(context, kind === 'same-subject'),
})

/** Digits of a fingerprint in a sentence. */
const SHORT = 12
