import { everywhere, healthy, underTls, type ServerSpec } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween, type Ends } from '../tls/ends.js'

/** vsftpd and ProFTPD require reuse by default. */
const required = (ends: Ends): ServerSpec => ({
  ...serverOf(ends),
  settings: ends.server === 'proftpd' && ends.tls === 'implicit' ? { TLSOptions: 'UseImplicitSSL' } : {},
})

export default [
  ...underTlsBetween(
    [
      'vsftpd lftp 1.2',
      'vsftpd curl 1.2',
      'vsftpd curl 1.3 implicit',
      'vsftpd ftplib 1.2',
      'proftpd lftp 1.3',
      'proftpd curl 1.2',
      'proftpd ftplib 1.2',
      'proftpd curl 1.3 implicit',
    ],
    {
      name: 'ftps-session-reuse-healthy',
      title: 'The server requires TLS session reuse on data connections, and the client resumes the session',
      topology: { client: 'nat', server: 'public' },
      ...underTls(healthy(1)),
    },
    (ends) => ({
      server: required(ends),
      client: clientOf(ends, ends.client === 'ftplib' ? { options: ['resume'] } : {}),
    }),
  ),
  ...underTlsBetween(
    ['vsftpd ftplib 1.3', 'vsftpd ftplib 1.2', 'proftpd ftplib 1.2', 'proftpd wget 1.3', 'vsftpd wget 1.3 implicit'],
    {
      name: 'ftps-session-reuse-refused',
      title: 'The server requires TLS session reuse on data connections, and the client starts a new session',
      topology: { client: 'nat', server: 'public' },
      sample: ['client'],
      ...underTls(
        everywhere({
          outcome: 'failed',
          cause: 'tls-session-reuse-required',
          side: 'client',
          alsoSide: ['server'],
          transfers: { attempted: 1, completed: 0 },
        }),
      ),
    },
    (ends) => ({
      server: required(ends),
      client: clientOf(ends, ends.client === 'wget' ? { options: ['--no-ftps-resume-ssl'] } : {}),
    }),
  ),
]
