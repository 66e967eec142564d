/** What servers mean beyond the code of a reply, by its wording. */
import type { Exchange, Reply } from '../../ftp/model.js'
import { meaningOf, means } from './phrases.js'

/** The beginning of a long reply is sufficient. */
const BEGINNING = 512

/** A reply that means too many connections: of the server, a user, a host, or a class of users. */
export function saysTooMany(reply: Reply): boolean {
  if (reply.code !== 421 && reply.code !== 530 && reply.code !== 500) return false
  return means(reply.text, 'too-many') && !means(reply.text, 'too-many-attempts')
}

/** What a limit on connections applies to. */
export type LimitScope = 'user' | 'host' | 'class' | 'server'

export function limitScope(text: string): LimitScope {
  const said = meaningOf(text, ['limit-per-user', 'limit-per-host', 'limit-per-class'])
  return said === null ? 'server' : LIMIT_SCOPES[said]
}

const LIMIT_SCOPES = { 'limit-per-user': 'user', 'limit-per-host': 'host', 'limit-per-class': 'class' } as const

const WANTS_TLS_CODES = new Set([421, 503, 504, 522, 530, 533, 534, 550])

/** The server refuses a login in clear text because it requires TLS first. */
export function asksForTls(exchange: Exchange, reply: Reply): boolean {
  if (exchange.command !== 'USER' && exchange.command !== 'PASS' && exchange.command !== 'ACCT') return false
  return WANTS_TLS_CODES.has(reply.code) && means(reply.text, 'wants-tls')
}

/**
 * What is wrong on the server itself, by its own words. vsftpd reports each of its errors as "500 OOPS: …", since a
 * process of it has ended; other servers say 421 or 530.
 */
export type ServerFault =
  'writable-root' | 'home' | 'chroot' | 'tls-setup' | 'log-file' | 'child-died' | 'configuration'

const OOPS = /^OOPS\b/
const FAULTS = ['writable-root', 'home', 'log-file', 'tls-setup', 'configuration', 'chroot', 'child-died'] as const
/** Of these, every server speaks. */
const COMMON_FAULTS = ['writable-root', 'home', 'chroot'] as const

/** The fault of the server that a reply names; `other` if it only says that there is one, `null` if it does not. */
export function serverFault({ code, text }: Reply): ServerFault | 'other' | null {
  if (code < 400 || saysHandshakeFailed({ code, text })) return null
  if (OOPS.test(text)) return meaningOf(text, FAULTS) ?? 'other'
  return meaningOf(text, COMMON_FAULTS)
}

/** vsftpd's "500 OOPS: …": the process that serves the session has ended, by a fault of the server. */
export function saysOops(reply: Reply): boolean {
  return reply.code === 500 && OOPS.test(reply.text) && !saysHandshakeFailed(reply)
}

/** vsftpd reports a failed handshake like a fault of its own: "500 OOPS: error:…:SSL routines::no shared cipher". */
export function saysHandshakeFailed({ code, text }: Pick<Reply, 'code' | 'text'>): boolean {
  return code === 500 && OOPS.test(text) && means(text, 'tls-handshake')
}

/** 451, "local error in processing" (RFC 959 §4.2.2). */
const LOCAL_ERROR = 451

/**
 * The server failed at a login without having judged it: vsftpd's process died ("500 OOPS: priv_sock_get_result"),
 * or its words are those of an error of its own. A setting that it names refuses the user, as does a wrong password.
 */
export function saysLoginFailure(reply: Reply): boolean {
  if (saysOops(reply)) {
    const fault = serverFault(reply)
    return fault === 'child-died' || fault === 'other'
  }
  if (reply.code < 400 || reply.code === 421) return false
  return reply.code === LOCAL_ERROR || means(reply.text, 'server-failed')
}

/** Why a login was refused, other than by its password. */
export type LoginObstacle = (typeof OBSTACLES)[number]
const OBSTACLES = [
  'host-name',
  'anonymous-only',
  'no-anonymous',
  'account-closed',
  'shell',
  'banned',
  'address',
  'unknown-user',
  'denied',
] as const

/** What a refusal of USER or PASS says about its reason; `null` if nothing but that it is refused. */
export function loginObstacle({ text }: Reply): LoginObstacle | null {
  return meaningOf(text, OBSTACLES)
}

/** The server has no port left for a passive data connection. */
export function saysNoFreePort({ code, text }: Reply): boolean {
  return code >= 400 && means(text, 'no-free-port')
}

/** The server cannot open a data connection because of an error on its own host. */
export function saysLocalError({ code, text }: Reply): boolean {
  return code >= 400 && means(text, 'local-error')
}

/** The server's reply says that it tried to open the data connection. */
export function saysTriedToConnect({ code, text }: Reply): boolean {
  return code >= 400 && means(text, 'tried-to-connect')
}

/**
 * A negative reply to a transfer is about its data connection: 425 and 426 (RFC 959 §4.2.2), unless the words are about
 * the server's files.
 */
export function blamesDataConnection({ code, text }: Reply): boolean {
  return (code === 425 || code === 426) && !means(text, 'file-error')
}

/**
 * RFC 4217 §10: 521 data connection cannot be opened with this PROT setting; RFC 2228: 536 protection level not
 * supported.
 */
const PROTECTION_CODES = new Set([521, 522, 536])
/** RFC 2228 §3 (PROT): 534 policy, 536 no such level. */
const LEVEL_CODES = new Set([534, 536])
/**
 * vsftpd "522 Data connections must be encrypted.", ProFTPD "522 SSL/TLS required on the data channel", Pure-FTPd
 * "521 … PROT P", IIS "534 Policy requires SSL."
 */
const ABOUT_PROTECTION = [
  /data (?:connection|channel)s?.{0,40}(?:encrypt|protect|secure|TLS|SSL)/i,
  /(?:TLS|SSL|encrypt\w*|protect\w*).{0,40}data (?:connection|channel)/i,
  /\bPROT\b/i,
]
/**
 * vsftpd "522 SSL connection failed: session reuse required", FileZilla Server "425 … TLS session of data connection
 * not resumed.", ProFTPD's EPERM "425 Unable to build data connection: Operation not permitted".
 */
const ABOUT_SESSION_REUSE =
  /session.{0,40}(?:reuse|resum)|(?:reuse|resum)\w*.{0,40}session|build data connection: operation not permitted/i

/** The server refuses a transfer whose data connection did not resume the TLS session of the control connection. */
export function asksForSessionReuse(reply: Reply): boolean {
  return reply.code >= 400 && ABOUT_SESSION_REUSE.test(reply.text.slice(0, BEGINNING))
}

/** The server refuses the level of protection that PROT asks for: by policy, or since it has none such. */
export function refusesLevel({ code }: Reply): boolean {
  return LEVEL_CODES.has(code)
}

/** The server refuses a transfer because of the protection of its data connection, or the lack of it. */
export function refusesProtection(reply: Reply): boolean {
  if (reply.code < 400 || asksForSessionReuse(reply)) return false
  if (PROTECTION_CODES.has(reply.code)) return true
  if (reply.code < 500 && reply.code !== 425) return false
  const beginning = reply.text.slice(0, BEGINNING)
  return ABOUT_PROTECTION.some((pattern) => pattern.test(beginning))
}
