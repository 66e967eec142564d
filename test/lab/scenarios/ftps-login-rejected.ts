import { everywhere, underTls } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

export default underTlsBetween(
  [
    'vsftpd curl 1.3',
    'vsftpd lftp 1.2 implicit',
    'proftpd lftp 1.3',
    'pure-ftpd ftplib 1.2',
    'pyftpdlib basic-ftp 1.3',
    'proftpd wget 1.2',
  ],
  {
    name: 'ftps-login-rejected',
    title: 'Wrong password, under TLS',
    topology: { client: 'nat', server: 'public' },
    sample: ['client', 'server'],
    ...underTls(
      everywhere({
        outcome: 'failed',
        cause: 'login-rejected',
        side: 'client',
        alsoSide: ['server', 'unknown'],
        transfers: { attempted: 0, completed: 0 },
      }),
    ),
  },
  (ends) => ({ server: serverOf(ends), client: clientOf(ends, { password: 'mistyped' }) }),
)
