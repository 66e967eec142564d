/** What to set if TLS is missing, required by one side only, or its handshake failed. */
import type { RemedyContext } from './remedy-context.js'
import { clientRemedy } from './settings/client-settings.js'
import { serverRemedy, serverSettings } from './settings/server-settings.js'

export function explicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'require explicit TLS (AUTH TLS), not only attempt it',
    (c) => c.requireTls,
  )
}

export function implicitTlsInClient(context: RemedyContext): string {
  return clientRemedy(context.clientSoftware, 'use implicit TLS', (c) => c.implicitTls)
}

export function protectedDataInClient(context: RemedyContext): string {
  return clientRemedy(
    context.clientSoftware,
    'send PBSZ 0 and PROT P before transfers',
    (c) => c.protectData ?? c.requireTls,
  )
}

export function loginsUnderTlsOnly(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'refuse logins in clear text', (s) => s.requireTls)
}

/** vsftpd.conf(5), ProFTPD's mod_tls, pure-ftpd(8), IIS's and FileZilla Server's user interfaces. */
const ENABLE_TLS: Readonly<Record<string, string>> = {
  vsftpd: 'vsftpd: ssl_enable=YES, rsa_cert_file, rsa_private_key_file',
  proftpd: 'ProFTPD: mod_tls with TLSEngine on, TLSRSACertificateFile, TLSRSACertificateKeyFile',
  'pure-ftpd': 'Pure-FTPd: TLS 1 (--tls=1), CertFile',
  microsoft: 'IIS: FTP SSL Settings, a certificate and Allow SSL connections',
  'filezilla server': 'FileZilla Server: Server listeners, protocol: Require explicit FTP over TLS',
}

export function enableTlsOnServer({ serverSoftware }: RemedyContext): string {
  const own = ENABLE_TLS[serverSettings(serverSoftware)?.product ?? '']
  return `on the server: enable TLS, with a certificate (${own ?? Object.values(ENABLE_TLS).join('; ')})`
}

/** At the cost of the protection of passwords and files. */
export function plainFtpInClient(): string {
  const settings = 'curl: omit --ssl-reqd; lftp: set ftp:ssl-force no; FileZilla: Only use plain FTP (insecure)'
  return `in the client, at the cost of the protection of passwords and files: plain FTP (${settings}), or use SFTP`
}

/** At the cost of the protection of passwords. */
export function clearLoginsOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'allow logins in clear text', (s) => s.clearLogin)
}

export function protectedDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'require TLS for data', (s) => s.protectData)
}

export function clearDataOnServer(context: RemedyContext): string {
  return serverRemedy(context.serverSoftware, 'allow data in clear text', (s) => s.clearData)
}

/** Alert descriptions (RFC 8446 §6.2) about the certificate of the other end. */
const CERTIFICATE_ALERTS = new Set([42, 43, 44, 45, 46, 48, 113])
/** Alert descriptions that say that the ends have no version or cipher in common. */
const AGREEMENT_ALERTS = new Set([40, 70, 71, 86])
/** The server wants a certificate from the client. */
const CERTIFICATE_REQUIRED = 116
const CHAIN_SETTINGS = [
  'vsftpd rsa_cert_file with the intermediates',
  'ProFTPD TLSCertificateChainFile',
  'Pure-FTPd CertFile or CertFileAndKey (-2)',
  'IIS: import the chain',
].join(', ')
const TRUST_SETTINGS = [
  'curl --cacert FILE',
  'lftp set ssl:ca-file',
  'FileZilla: trust the certificate when asked',
  'WinSCP -certificate=FINGERPRINT',
].join('; ')
const CIPHER_SETTINGS = [
  'vsftpd ssl_ciphers=HIGH',
  'ProFTPD TLSProtocol, TLSCipherSuite',
  'Pure-FTPd -J',
  'IIS: Schannel registry',
  'curl --tlsv1.2, --ciphers',
  'lftp set ssl:priority',
  'update old clients',
].join('; ')
const REQUIRED_CERTIFICATE =
  'set the certificate that the server requires (vsftpd require_cert; ProFTPD TLSVerifyClient)'

/** What to change, by the alert and by who sent it. */
export function alertRemedy(description: number | null, byClient: boolean): string[] {
  if (description !== null && CERTIFICATE_ALERTS.has(description)) {
    return byClient
      ? [
          `on the server: install a certificate with the name that clients use and its full chain (${CHAIN_SETTINGS})`,
          `or in the client: trust its issuer (${TRUST_SETTINGS})`,
        ]
      : [`in the client: ${REQUIRED_CERTIFICATE}, valid and from an issuer that the server trusts`]
  }
  if (description !== null && AGREEMENT_ALERTS.has(description)) {
    return [`on both sides: enable a common version and cipher, TLS 1.2 or 1.3 (${CIPHER_SETTINGS})`]
  }
  if (description === CERTIFICATE_REQUIRED)
    return ['in the client: set the certificate that the server requires (curl --cert; lftp set ssl:cert-file)']
  return ["check the TLS logs of both ends: curl -v, lftp 'debug 9', vsftpd debug_ssl=YES, ProFTPD TLSLog"]
}
