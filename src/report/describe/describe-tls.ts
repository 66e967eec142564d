import { alertName, versionName } from '../../diagnose/facts/tls.js'
import { type TlsConnection, senderOn } from '../../diagnose/facts/tls-connections.js'
import { FATAL } from '../../diagnose/facts/tls-handshake.js'
import type { Certificate } from '../../tls/certificates/certificate.js'
import { suiteName } from '../../tls/suites/suite-names.js'
import { addressText } from '../../wire/address.js'
import type { CertificateReport, TlsReport } from '../tls-contract.js'

/** Names of a certificate that are listed. */
const LISTED_NAMES = 64

/** `null` where the capture shows nothing but encrypted records. */
export function describeTls(connection: TlsConnection): TlsReport | null {
  const { tls, server, client } = connection
  const { clientHello, serverHello, alerts } = tls
  if (!clientHello && !serverHello && server.length === 0 && alerts.length === 0) return null
  return {
    version: serverHello && versionName(serverHello.version),
    cipherSuite: serverHello && suiteName(serverHello.suite),
    sni: clientHello?.serverName ?? null,
    alpn: { offered: clientHello?.protocols ?? null, chosen: tls.protocol },
    resumption: { ...tls.resumption },
    certificate: describeCertificate(server, tls.certificates.length),
    clientCertificate: describeCertificate(client, tls.clientCertificates.length),
    alerts: alerts.map((alert) => ({
      frame: alert.frame,
      from: senderOn(connection, alert.direction),
      level: alert.level === FATAL ? 'fatal' : 'warning',
      description: alert.description,
      name: alertName(alert.description),
      encrypted: alert.encrypted,
    })),
  }
}

function describeCertificate([own]: readonly Certificate[], chainLength: number): CertificateReport | null {
  if (!own) return null
  const names = [...own.dnsNames, ...own.addresses.map((bytes) => addressText(bytes, 0, bytes.length === 4 ? 4 : 6))]
  return {
    subject: own.subject.text,
    issuer: own.issuer.text,
    names: names.slice(0, LISTED_NAMES),
    notBefore: dateText(own.notBefore),
    notAfter: dateText(own.notAfter),
    key: { ...own.key },
    selfSigned: own.selfSigned,
    chainLength,
    fingerprint: own.fingerprint,
  }
}

function dateText(time: number | null): string | null {
  return time === null ? null : `${new Date(time).toISOString().slice(0, 19)}Z`
}
