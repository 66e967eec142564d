import { healthy, underTls, type Action, type ClientSoftware, type ServerSoftware } from '../scenario.js'
import { clientOf, serverOf, underTlsBetween } from '../tls/ends.js'

/** pyftpdlib resets a data connection whose ClientHello precedes the transfer command: see ftps-early-hello-reset. */
const isBroken = (server: ServerSoftware, client: ClientSoftware): boolean =>
  server === 'pyftpdlib' && (client === 'curl' || client === 'basic-ftp')

/** Pure-FTPd and ftplib have no implicit TLS. */
const SERVERS: Readonly<Record<'explicit' | 'implicit', readonly ServerSoftware[]>> = {
  explicit: ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'],
  implicit: ['vsftpd', 'proftpd', 'pyftpdlib'],
}
const CLIENTS: Readonly<Record<'explicit' | 'implicit', readonly ClientSoftware[]>> = {
  explicit: ['curl', 'lftp', 'ftplib', 'basic-ftp', 'wget'],
  implicit: ['curl', 'lftp', 'basic-ftp', 'wget'],
}

const pairsOf = (tls: 'explicit' | 'implicit', versions: readonly string[]): readonly string[] =>
  versions.flatMap((version) =>
    SERVERS[tls].flatMap((server) =>
      CLIENTS[tls]
        .filter((client) => !isBroken(server, client))
        .map((client) => `${server} ${client} ${version} ${tls}`),
    ),
  )

/** vsftpd fails to read longer uploads of lftp with TLS 1.3: see ftps-upload-aborted. */
const PUT: Action = { put: 'new.bin', size: 9000 }
/** wget cannot upload. */
const ACTIONS: Readonly<Partial<Record<ClientSoftware, readonly Action[]>>> = {
  curl: [{ list: '/' }, { get: 'report.bin' }],
  lftp: [PUT, { get: 'report.bin' }],
  ftplib: [{ list: '/' }, PUT],
  'basic-ftp': [{ get: 'report.bin' }, PUT],
  wget: [{ get: 'readme.txt' }, { get: 'report.bin' }],
}

export default underTlsBetween(
  [...pairsOf('explicit', ['1.2', '1.3']), ...pairsOf('implicit', ['1.2', '1.3'])],
  {
    name: 'ftps-healthy',
    title: 'Control and data under TLS',
    topology: { client: 'nat', server: 'public' },
    ...underTls(healthy(2)),
    sample: ['client'],
  },
  (ends) => ({ server: serverOf(ends), client: clientOf(ends, { actions: ACTIONS[ends.client] ?? [] }) }),
)
