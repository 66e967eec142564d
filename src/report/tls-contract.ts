/** The part of the contract about TLS connections. */
import type { ResumptionMeans } from '../tls/tls-facts.js'

/** What is known of a TLS connection, with or without keys; what the capture does not show is `null`. */
export interface TlsReport {
  /** "TLS 1.2": of the ServerHello. */
  version: string | null
  /** IANA's name. */
  cipherSuite: string | null
  /** The host name that the client sent (server_name, RFC 6066 §3). */
  sni: string | null
  /** Application protocols (RFC 7301): those that the client offered, `null` without; and the one that was chosen. */
  alpn: { offered: string[] | null; chosen: string | null }
  /** By what the client offered to resume an earlier session, and by what one was resumed; `null`: not. */
  resumption: { offered: ResumptionMeans | null; accepted: ResumptionMeans | null }
  /** The server's own certificate. In TLS 1.3 certificates are encrypted: they are read only with keys. */
  certificate: CertificateReport | null
  /** The client's. */
  clientCertificate: CertificateReport | null
  /** Alerts that could be read: in the clear, or decrypted; at most 16. */
  alerts: TlsAlertReport[]
}

export interface CertificateReport {
  /** Names as in RFC 4514, most specific part first. */
  subject: string
  issuer: string
  /** Of subjectAltName: host names and addresses. */
  names: string[]
  notBefore: string | null
  notAfter: string | null
  key: { type: string; bits: number | null }
  /** Subject and issuer are the same; no signature is verified. */
  selfSigned: boolean
  /** Certificates sent, this one included. */
  chainLength: number
  /** SHA-256 of the certificate, in hexadecimal. */
  fingerprint: string
}

export interface TlsAlertReport {
  frame: number
  from: 'client' | 'server'
  level: 'warning' | 'fatal'
  /** RFC 8446 §6, RFC 5246 §7.2. */
  description: number
  /** "unknown CA (48)" */
  name: string
  encrypted: boolean
}
