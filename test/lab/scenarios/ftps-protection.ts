import {
  everywhere,
  healthy,
  underTls,
  type ClientSoftware,
  type ServerSoftware,
  type ServerSpec,
} from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** By which a client asks for PROT C. */
const CLEAR_DATA: Readonly<Partial<Record<ClientSoftware, readonly string[]>>> = {
  curl: ['--no-ssl-reqd', '--ftp-ssl-control'],
  lftp: ['ftp:ssl-protect-data no', 'ftp:ssl-protect-list no'],
  ftplib: ['clear-data'],
  wget: ['--ftps-clear-data-connection'],
}

/** By which a client leaves TLS on the control connection after the login. */
const CCC: Readonly<Partial<Record<ClientSoftware, readonly string[]>>> = {
  curl: ['--ftp-ssl-ccc'],
  lftp: ['ftp:ssl-use-ccc yes'],
  ftplib: ['ccc'],
}

const PROTECTED_ONLY: Readonly<Partial<Record<ServerSoftware, Partial<ServerSpec>>>> = {
  vsftpd: { settings: { force_local_data_ssl: 'YES', force_local_logins_ssl: 'YES' } },
  proftpd: { settings: { TLSRequired: 'on' } },
  'pure-ftpd': { settings: { '-Y': '3' } },
  pyftpdlib: { tlsRequired: true },
}

const mismatch = {
  outcome: 'failed',
  cause: 'protection-mismatch',
  also: ['tls-required'],
  side: 'client',
  alsoSide: ['server', 'unknown'],
  transfers: { attempted: 1, completed: 0 },
} as const

export default [
  ...underTlsBetween(
    ['vsftpd ftplib 1.3', 'proftpd curl 1.2', 'pure-ftpd lftp 1.3', 'pyftpdlib wget 1.2', 'vsftpd curl 1.3 implicit'],
    {
      name: 'ftps-clear-data-healthy',
      title: 'PROT C: the control connection under TLS, data in clear text',
      topology: { client: 'nat', server: 'public' },
      ...underTls(healthy(1)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { options: CLEAR_DATA[ends.client] ?? [] }) }),
  ),
  ...underTlsBetween(
    ['proftpd ftplib 1.3', 'vsftpd ftplib 1.2', 'pure-ftpd ftplib 1.3'],
    {
      name: 'ftps-protection-changed-healthy',
      title: 'PROT C and PROT P in the middle of a session',
      topology: { client: 'nat', server: 'public' },
      sample: ['client'],
      // What PROT C leaves unprotected is told.
      ...underTls(
        everywhere({ outcome: 'ok', cause: null, also: ['tls-downgrade'], transfers: { attempted: 3, completed: 3 } }),
      ),
    },
    (ends) => ({
      server: serverOf(ends),
      client: clientOf(ends, {
        actions: [
          { get: 'readme.txt' },
          { raw: 'PROT C' },
          { get: 'report.bin' },
          { raw: 'PROT P' },
          { put: 'new.bin', size: 2000 },
        ],
      }),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd ftplib 1.3', 'proftpd ftplib 1.2', 'pyftpdlib ftplib 1.3', 'pure-ftpd ftplib 1.2'],
    {
      name: 'ftps-protection-mismatch',
      title: 'The client sends PROT C, and starts TLS on the data connection all the same',
      topology: { client: 'nat', server: 'public' },
      sample: ['client'],
      // The server has sent the file, in clear text.
      ...underTls(everywhere({ ...mismatch, transfers: { attempted: 1, completed: 1 } })),
    },
    (ends) => ({
      server: serverOf(ends),
      client: clientOf(ends, { options: ['ignore-prot'], actions: [{ raw: 'PROT C' }, { get: 'readme.txt' }] }),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd ftplib 1.3', 'proftpd curl 1.2', 'pure-ftpd wget 1.3', 'pyftpdlib lftp 1.2'],
    {
      name: 'ftps-protection-refused',
      title: 'The server requires PROT P, and the client sends PROT C',
      topology: { client: 'nat', server: 'public' },
      ...underTls(everywhere(mismatch), ['tls-handshake-failed']),
    },
    (ends) => ({
      server: serverOf(ends, PROTECTED_ONLY[ends.server]),
      client: clientOf(ends, { options: CLEAR_DATA[ends.client] ?? [] }),
    }),
  ),
  ...underTlsBetween(
    ['proftpd ftplib 1.2', 'pure-ftpd ftplib 1.3', 'proftpd curl 1.2'],
    {
      name: 'ftps-control-cleared-healthy',
      title: 'CCC after the login: commands and replies in clear text again',
      topology: { client: 'nat', server: 'public' },
      sample: ['client'],
      ...underTls(healthy(1)),
    },
    (ends) => ({ server: serverOf(ends), client: clientOf(ends, { options: CCC[ends.client] ?? [] }) }),
  ),
]
