import { everywhere, underTls } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

export default underTlsBetween(
  ['vsftpd basic-ftp 1.2 implicit', 'vsftpd curl 1.3', 'vsftpd lftp 1.2', 'vsftpd ftplib 1.3'],
  {
    name: 'ftps-clear-text-error',
    title: '500 OOPS after the login, which vsftpd sends in clear text on a connection under TLS',
    topology: { client: 'nat', server: 'public' },
    sample: ['client'],
    ...underTls(
      everywhere({
        outcome: 'failed',
        cause: 'login-rejected',
        side: 'server',
        alsoSide: ['client', 'unknown'],
        transfers: { attempted: 0, completed: 0 },
      }),
      // What is wrong is said in clear text, that it was said to PASS is not.
      ['service-unavailable'],
    ),
  },
  (ends) => ({ server: serverOf(ends, { settings: { allow_writeable_chroot: 'NO' } }), client: clientOf(ends) }),
)
