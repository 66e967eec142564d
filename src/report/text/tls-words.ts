/** TLS connections in a line, for all reports for people. */
import type { SessionReport } from '../contract.js'
import type { CertificateReport, TlsReport } from '../tls-contract.js'
import { plural } from './units.js'

const MEANS = { 'session-id': 'session id', ticket: 'ticket', psk: 'PSK' } as const

/** "TLS 1.2, TLS_RSA_WITH_AES_128_CBC_SHA, server name ftp.example.net"; `null` where no hello tells. */
export function tlsWords({ version, cipherSuite, sni, alpn, resumption }: TlsReport): string | null {
  const { offered, accepted } = resumption
  const parts = [
    version,
    cipherSuite,
    sni === null ? null : `server name ${sni}`,
    alpn.chosen === null ? null : `ALPN ${alpn.chosen}`,
    accepted !== null
      ? `session resumed by ${MEANS[accepted]}`
      : offered !== null && version !== null
        ? `new session, though the client offered one by ${MEANS[offered]}`
        : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}

/** "CN=ftp.example.net, self-signed, for ftp.example.net, RSA 2048, valid from 2024-01-01 to 2025-01-01" */
export function certificateWords(certificate: CertificateReport): string {
  const { subject, issuer, names, notBefore, notAfter, key, selfSigned, chainLength } = certificate
  const listed = names.slice(0, LISTED).join(' ')
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : ''
  return [
    subject === '' ? 'no subject' : subject,
    selfSigned ? 'self-signed' : `issued by ${issuer}`,
    names.length === 0 ? null : `for ${listed}${more}`,
    key.bits === null ? key.type : `${key.type} ${key.bits}`,
    `valid from ${day(notBefore)} to ${day(notAfter)}`,
    chainLength > 1 ? plural(chainLength, 'certificate') : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** Names of a certificate in one line. */
const LISTED = 4

const day = (time: string | null): string => time?.slice(0, 10) ?? '?'

/** What a line on the TLS of a session is about. */
export type TlsSubject = 'control' | 'data' | 'server-certificate' | 'client-certificate'

export function tlsLines({ control: { tls }, dataChannels }: SessionReport): (readonly [TlsSubject, string])[] {
  const { certificate = null, clientCertificate = null } = tls ?? {}
  const lines: (readonly [TlsSubject, string | null])[] = [
    ['control', tls ? tlsWords(tls) : null],
    ['data', dataWords(dataChannels)],
    ['server-certificate', certificate && certificateWords(certificate)],
    ['client-certificate', clientCertificate && certificateWords(clientCertificate)],
  ]
  return lines.flatMap(([subject, text]) => (text === null ? [] : [[subject, text] as const]))
}

/** "3 of 4 data connections resume a session" */
function dataWords(channels: SessionReport['dataChannels']): string | null {
  const secured = channels.flatMap(({ connection }) => connection?.tls ?? []).filter(({ version }) => version !== null)
  if (secured.length === 0) return null
  const resumed = secured.filter(({ resumption }) => resumption.accepted !== null).length
  const versions = [...new Set(secured.map(({ version }) => version))].join(', ')
  return `${versions}, ${resumed} of ${plural(secured.length, 'connection')} resumed a session`
}
