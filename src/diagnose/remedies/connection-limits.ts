/** Settings that limit connections, by what they count. */
import type { LimitScope } from '../facts/server-words.js'
import { remedyOn, settingsOf } from './settings/recognized.js'

interface Limits extends Partial<Record<LimitScope, string>> {
  /** Start of `serverSoftware`, in lower case. */
  product: string
  name: string
}

/**
 * vsftpd.conf(5), ProFTPD's mod_auth, pure-ftpd(8), pyftpdlib's servers.py, IIS's connections element, Serv-U
 * administrator guide, ftpaccess(5).
 */
const LIMITS: readonly Limits[] = [
  { product: 'vsftpd', name: 'vsftpd', server: 'max_clients', host: 'max_per_ip' },
  {
    product: 'proftpd',
    name: 'ProFTPD',
    server: 'MaxClients, MaxInstances',
    host: 'MaxClientsPerHost, MaxConnectionsPerHost',
    user: 'MaxClientsPerUser, MaxHostsPerUser',
    class: 'MaxClientsPerClass',
  },
  {
    product: 'pure-ftpd',
    name: 'Pure-FTPd',
    server: 'MaxClientsNumber (-c)',
    host: 'MaxClientsPerIP (-C)',
    user: 'PerUserLimits (-y)',
  },
  { product: 'microsoft', name: 'IIS FTP', server: 'Advanced Settings of the FTP site, Max Connections' },
  { product: 'pyftpdlib', name: 'pyftpdlib', server: 'FTPServer.max_cons', host: 'FTPServer.max_cons_per_ip' },
  { product: 'serv-u', name: 'Serv-U', server: 'Limits & Settings > Limits > Connection: maximum number of sessions' },
  { product: 'wu-ftpd', name: 'wu-ftpd', server: 'ftpaccess: limit', class: 'ftpaccess: limit' },
]

export const SCOPE_WORDS: Readonly<Record<LimitScope, string>> = {
  server: 'of the server as a whole',
  host: 'per host',
  user: 'per user',
  class: 'per class of users',
}

/** Raise the limit of this scope on the server. */
export function raisedLimit(scope: LimitScope, software: string | null): string {
  const meaning = `a higher limit ${SCOPE_WORDS[scope]}`
  return remedyOn('on the server', software, settingsOf(LIMITS, software), LIMITS, meaning, (limits) => limits[scope])
}
