import { everywhere, underTls, type ClientSoftware } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** What makes a client go where 227 says, whatever the address. */
const TRUSTING: Readonly<Partial<Record<ClientSoftware, readonly string[]>>> = {
  curl: ['--no-ftp-skip-pasv-ip'],
  lftp: ['ftp:fix-pasv-address no'],
}

const failed = {
  outcome: 'failed',
  cause: 'passive-private-address',
  also: ['tls-hides-announcement'],
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const
const truth = {
  ...everywhere(failed),
  server: { ...failed, also: ['passive-not-attempted', 'tls-hides-announcement'] },
} as const

export default [
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd lftp 1.2', 'pure-ftpd wget 1.3', 'vsftpd lftp 1.3 implicit'],
    {
      name: 'ftps-passive-private-address',
      title: 'A server behind NAT announces its private address, under TLS',
      topology: { client: 'nat', server: 'nat' },
      sample: ['client'],
      ...underTls(truth),
    },
    (ends) => ({
      server: serverOf(ends, ends.tls === 'implicit' ? { port: 990 } : {}),
      client: clientOf(ends, { mode: 'passive', options: TRUSTING[ends.client] ?? [] }),
    }),
  ),
  ...underTlsBetween(
    ['pure-ftpd curl 1.2', 'vsftpd wget 1.3', 'pyftpdlib lftp 1.3'],
    {
      name: 'ftps-passive-private-address-helper',
      title: 'The NAT in front of the server has an FTP helper, which cannot translate a 227 under TLS',
      topology: { client: 'nat', server: 'nat', serverHelper: true, forward: null },
      sample: ['server'],
      ...underTls(truth),
    },
    (ends) => ({
      server: serverOf(ends),
      client: clientOf(ends, { mode: 'passive', options: TRUSTING[ends.client] ?? [] }),
    }),
  ),
]
