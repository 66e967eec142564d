import type { Action, ClientSoftware, ClientSpec, ServerSoftware, ServerSpec } from '../scenario.js'

export const REAL_SERVERS: readonly ServerSpec[] = (
  ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] satisfies ServerSoftware[]
).map((software) => ({ software }))

/** The same addition to the settings of each server. */
export const servers = (changes: Partial<ServerSpec>): readonly ServerSpec[] =>
  REAL_SERVERS.map((server) => ({ ...server, ...changes }))

const GET: Action = { get: 'report.bin' }
const LIST: Action = { list: '/' }

/** lftp changes between active and passive mode by itself otherwise. */
const LFTP = ['ftp:auto-passive-mode no']

/** Every client that can be told to use PASV, each with something else to do. */
export const PASSIVE: readonly ClientSpec[] = [
  { software: 'wget', actions: [GET] },
  { software: 'tnftp', mode: 'passive', actions: [{ list: '' }] },
  { software: 'ftplib', mode: 'passive', actions: [GET] },
  { software: 'ncftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
  { software: 'lftp', mode: 'passive', options: LFTP, actions: [GET] },
  { software: 'inetutils-ftp', mode: 'passive', actions: [{ put: 'new.bin', size: 5000 }] },
  { software: 'curl', mode: 'passive', actions: [LIST] },
]

/** Every client that can be told to use EPSV, and that goes on with PASV where it does not work. */
export const EXTENDED: readonly ClientSpec[] = [
  { software: 'curl', actions: [GET] },
  { software: 'tnftp', actions: [{ list: '' }] },
  { software: 'basic-ftp', actions: [{ put: 'new.bin', size: 3000 }] },
]

/** EPSV and nothing else. */
export const EXTENDED_ONLY: readonly ClientSpec[] = [
  { software: 'lftp', mode: 'extended-passive', options: LFTP, actions: [GET] },
  { software: 'inetutils-ftp', mode: 'extended-passive', actions: [{ list: '' }] },
]

export const ACTIVE: readonly ClientSpec[] = [
  { software: 'inetutils-ftp', mode: 'active', actions: [GET] },
  { software: 'wget', mode: 'active', actions: [GET] },
  { software: 'ncftp', mode: 'active', actions: [{ put: 'new.bin', size: 3000 }] },
  { software: 'curl', mode: 'active', actions: [{ put: 'new.bin', size: 4000 }] },
  { software: 'lftp', mode: 'active', options: LFTP, actions: [GET] },
  { software: 'tnftp', mode: 'active', actions: [GET] },
  { software: 'ftplib', mode: 'active', actions: [{ list: '/' }] },
  { software: 'curl', mode: 'extended-active', actions: [LIST] },
]

/** Clients that speak IPv6. */
export const IPV6: readonly ClientSpec[] = [
  { software: 'wget', actions: [GET] },
  { software: 'ftplib', mode: 'passive', actions: [{ put: 'new.bin', size: 2000 }] },
  { software: 'curl', actions: [LIST] },
  { software: 'tnftp', actions: [GET] },
  { software: 'lftp', options: LFTP, actions: [{ list: '' }] },
  { software: 'basic-ftp', actions: [GET] },
  { software: 'inetutils-ftp', mode: 'extended-passive', actions: [{ list: '' }] },
]

export const TLS: readonly ClientSpec[] = [
  { software: 'lftp', tls: 'explicit', options: LFTP, actions: [{ list: '' }] },
  { software: 'curl', tls: 'explicit', actions: [LIST] },
  { software: 'basic-ftp', tls: 'explicit', actions: [GET] },
  { software: 'wget', tls: 'explicit', actions: [GET] },
]

/** Explicit TLS where no session has to be reused. */
export const TLS_SERVERS: readonly ServerSpec[] = [
  { software: 'pyftpdlib', tls: 'explicit' },
  { software: 'vsftpd', tls: 'explicit', settings: { require_ssl_reuse: 'NO' } },
  { software: 'pure-ftpd', tls: 'explicit' },
  { software: 'proftpd', tls: 'explicit', settings: { TLSOptions: 'NoSessionReuseRequired' } },
]

/** Clients that go where 227 says, whatever the address. */
export const TRUSTING: readonly ClientSpec[] = [
  { software: 'wget', actions: [GET] },
  { software: 'curl', mode: 'passive', options: ['--no-ftp-skip-pasv-ip'], actions: [GET] },
  { software: 'lftp', mode: 'passive', options: [...LFTP, 'ftp:fix-pasv-address no'], actions: [{ list: '' }] },
]

/** Clients that dial the control address where 227 names a private one. */
export const SUBSTITUTING: readonly ClientSpec[] = [
  { software: 'ftplib', mode: 'passive', actions: [GET] },
  { software: 'ncftp', mode: 'passive', actions: [{ put: 'new.bin', size: 3000 }] },
  { software: 'curl', mode: 'passive', actions: [LIST] },
  { software: 'lftp', mode: 'passive', options: LFTP, actions: [{ list: '' }] },
]

export const each = (clients: readonly ClientSpec[], changes: Partial<ClientSpec>): readonly ClientSpec[] =>
  clients.map((client) => ({ ...client, ...changes }))

export const only = (clients: readonly ClientSpec[], ...software: readonly ClientSoftware[]): readonly ClientSpec[] =>
  clients.filter((client) => software.includes(client.software))
