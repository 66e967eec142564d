import type { FindingId } from '../../../src/diagnose/catalogue.js'
import { everywhere, healthy, underTls, type Certificate } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** Where the client does not say in an alert that it rejects the certificate, it only closes the connection. */
const failed = {
  outcome: 'failed',
  cause: 'tls-handshake-failed',
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 0, completed: 0 },
} as const
const rejected = everywhere(failed)

/** What the certificate itself shows, without knowing what the client trusts, or which name it wanted. */
const CERTIFICATE_FINDINGS: Readonly<Record<string, readonly FindingId[]>> = {
  expired: ['tls-certificate-expired'],
  'not-yet-valid': ['tls-certificate-expired'],
}

const PAIRS: Readonly<Record<Exclude<Certificate, 'trusted'>, readonly [string, readonly string[]]>> = {
  expired: [
    'The certificate has expired',
    ['vsftpd curl 1.3', 'proftpd curl 1.2', 'pure-ftpd lftp 1.3', 'pyftpdlib ftplib 1.2'],
  ],
  'not-yet-valid': [
    'The certificate is not valid yet',
    ['proftpd ftplib 1.3', 'vsftpd lftp 1.2', 'pure-ftpd curl 1.2'],
  ],
  'other-name': [
    'The certificate is for another name',
    ['pure-ftpd curl 1.2', 'vsftpd ftplib 1.3', 'proftpd basic-ftp 1.2', 'pyftpdlib wget 1.3'],
  ],
  'no-intermediate': [
    'The server does not send the intermediate certificate',
    ['vsftpd curl 1.2', 'pure-ftpd ftplib 1.3', 'proftpd lftp 1.3', 'vsftpd basic-ftp 1.3 implicit'],
  ],
  'unknown-authority': [
    'The client does not know the authority that issued the certificate',
    ['proftpd curl 1.3', 'pyftpdlib wget 1.2', 'vsftpd ftplib 1.2', 'pure-ftpd basic-ftp 1.3'],
  ],
  'self-signed': [
    'The certificate is signed by itself',
    ['pyftpdlib curl 1.2', 'vsftpd wget 1.3', 'proftpd ftplib 1.2', 'pyftpdlib lftp 1.2 implicit'],
  ],
}

export default [
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd lftp 1.2', 'pure-ftpd ftplib 1.3', 'pyftpdlib ftplib 1.2', 'vsftpd wget 1.2'],
    {
      name: 'ftps-certificate-healthy',
      title: 'The client verifies a certificate with which nothing is wrong',
      topology: { client: 'nat', server: 'public' },
      ...underTls(healthy(1)),
    },
    (ends) => ({ server: serverOf(ends, { certificate: 'trusted' }), client: clientOf(ends, { verify: true }) }),
  ),
  ...Object.entries(PAIRS).flatMap(([certificate, [title, pairs]]) =>
    underTlsBetween(
      pairs,
      {
        name: `ftps-certificate-${certificate}`,
        title: `${title}, and the client rejects it`,
        topology: { client: 'nat', server: 'public' },
        sample: certificate === 'expired' || certificate === 'other-name' ? ['client'] : [],
        expect: underTls(rejected).expect,
        keyed: everywhere({ ...failed, findings: CERTIFICATE_FINDINGS[certificate] ?? [] }),
      },
      (ends) => ({
        server: serverOf(ends, { certificate: certificate as Certificate }),
        client: clientOf(ends, { verify: true }),
      }),
    ),
  ),
]
