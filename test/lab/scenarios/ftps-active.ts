import { everywhere, underTls, type Expectation, type ServerSoftware } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

const NO_ACTIVE: Readonly<Partial<Record<ServerSoftware, Readonly<Record<string, string>>>>> = {
  vsftpd: { port_enable: 'NO' },
  proftpd: { '<Limit': 'PORT EPRT>\nDenyAll\n</Limit>' },
}

const rejected: Expectation = { outcome: 'failed', cause: 'active-rejected', side: 'server', alsoSide: ['client'] }
const unanswered: Expectation = {
  outcome: 'failed',
  cause: 'active-port-unanswered',
  also: ['tls-hides-announcement'],
  side: 'client',
  alsoSide: ['client-network', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
}
const privateAddress: Expectation = {
  outcome: 'failed',
  cause: 'active-private-address',
  also: ['active-rejected', 'tls-hides-announcement'],
  side: 'client-network',
  alsoSide: ['client', 'server'],
}

export default [
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd lftp 1.2', 'vsftpd ftplib 1.2'],
    {
      name: 'ftps-active-rejected',
      title: 'The server does not allow active mode, under TLS',
      topology: { client: 'public', server: 'public' },
      // Without PORT, ProFTPD dials the client's default port.
      ...underTls(everywhere(rejected), ['transfer-failed']),
    },
    (ends) => ({
      server: serverOf(ends, { settings: NO_ACTIVE[ends.server] ?? {} }),
      client: clientOf(ends, { mode: 'active' }),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd ftplib 1.3', 'pure-ftpd curl 1.2'],
    {
      name: 'ftps-active-port-unanswered',
      title: "The client's own firewall drops the server's data connection, under TLS",
      topology: { client: 'public', server: 'public', middle: 'towards-server' },
      fault: { at: 'c', input: ['tcp flags & (syn|ack) == syn drop'] },
      ...underTls(everywhere(unanswered)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { mode: 'active', timeout: 12 }) }),
  ),
  ...underTlsBetween(
    ['pyftpdlib lftp 1.3', 'vsftpd curl 1.3', 'pure-ftpd ftplib 1.2'],
    {
      name: 'ftps-active-private-address',
      title:
        "The client's NAT has an FTP helper, which cannot translate PORT under TLS; the server refuses the address",
      topology: { client: 'nat', clientHelper: true, server: 'public' },
      sample: ['client'],
      ...underTls(everywhere(privateAddress)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { mode: 'active', timeout: 12 }) }),
  ),
  ...underTlsBetween(
    ['vsftpd lftp 1.2', 'proftpd lftp 1.3', 'pyftpdlib ftplib 1.3', 'pyftpdlib wget 1.3 implicit'],
    {
      name: 'ftps-active-healthy',
      title: 'Active mode under TLS, without NAT',
      topology: { client: 'public', server: 'public' },
      ...underTls(everywhere({ outcome: 'ok', cause: null, transfers: { attempted: 1, completed: 1 } })),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { mode: 'active' }) }),
  ),
]
