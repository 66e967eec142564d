import { everywhere, underTls } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** A firewall that would open the port if it could read the announcement looks the same as one that never does. */
const unanswered = {
  outcome: 'failed',
  cause: 'passive-port-unanswered',
  also: ['tls-hides-announcement'],
  side: 'server-network',
  alsoSide: ['server', 'path', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const
const refused = { ...unanswered, cause: 'passive-port-refused' } as const
/** Nothing of the data connection reaches the server. */
const elsewhere = {
  ...unanswered,
  cause: 'passive-not-attempted',
  also: ['tls-hides-announcement'],
  alsoSide: ['client', 'client-network', 'path', 'unknown', 'server'],
} as const

export default [
  ...underTlsBetween(
    ['vsftpd curl 1.3', 'proftpd wget 1.2', 'pyftpdlib ftplib 1.3', 'pyftpdlib curl 1.2 implicit'],
    {
      name: 'ftps-passive-port-unanswered',
      title: "The server's own firewall drops connections to the passive range, under TLS",
      topology: { client: 'nat', server: 'public' },
      fault: { at: 's1', input: ['tcp dport 50000-50100 drop'] },
      ...underTls(everywhere(unanswered)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { mode: 'passive', timeout: 20 }) }),
  ),
  ...underTlsBetween(
    ['pure-ftpd lftp 1.3', 'vsftpd wget 1.2'],
    {
      name: 'ftps-passive-port-unanswered-path',
      title: 'A firewall in front of the server drops connections to the passive range, under TLS',
      topology: { client: 'nat', server: 'public' },
      fault: { at: 'rs', forward: ['iifname "eth0" tcp dport 50000-50100 drop'] },
      ...underTls({ ...everywhere(unanswered), server: elsewhere }),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { mode: 'passive', timeout: 20 }) }),
  ),
  ...underTlsBetween(
    ['proftpd curl 1.3', 'vsftpd basic-ftp 1.2', 'pyftpdlib wget 1.3 implicit'],
    {
      name: 'ftps-passive-port-refused',
      title: "The server's firewall answers connections to the passive range with RST, under TLS",
      topology: { client: 'nat', server: 'public' },
      fault: { at: 's1', input: ['tcp dport 50000-50100 reject with tcp reset'] },
      ...underTls(everywhere(refused)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends) }),
  ),
  ...underTlsBetween(
    ['pure-ftpd ftplib 1.2', 'vsftpd curl 1.3'],
    {
      name: 'ftps-passive-port-refused-nat',
      title: 'The NAT in front of the server forwards the control port but not the passive range, under TLS',
      topology: { client: 'nat', server: 'nat', forward: null },
      ...underTls({ ...everywhere(refused), server: elsewhere }),
    },
    (ends) => ({
      server: serverOf(ends, { announce: '203.0.113.20' }),
      client: clientOf(ends, { mode: 'passive' }),
    }),
  ),
]
