/** What servers mean beyond the code of a reply, recognized by its wording, which is quoted here by server. */
import type { Exchange, Reply } from '../../ftp/model.js'
import type { Sighting } from '../../tcp/connection.js'
import type { ReplyInExchange } from './control.js'

/** The beginning of a long reply is sufficient. */
const BEGINNING = 512

/**
 * vsftpd "There are too many connected users, please try later", ProFTPD "Sorry, the maximum number of clients (2) from
 * your host are already connected", Pure-FTPd "10 users (the maximum) are already logged in, sorry", pyftpdlib "Too
 * many connections from the same IP address", IIS "Maximum connections exceeded", wu-ftpd "access denied: limit of 5
 * users in class all reached".
 */
const TOO_MANY = [
  /too many/i,
  /maximum (?:number|connections|users|clients|sessions|allowed)|\(the maximum\)/i,
  /(?:already|no more) (?:connected|logged in|users|connections|clients|sessions)/i,
  /limit\b.{0,40}\b(?:reached|exceeded)|(?:reached|exceeded|over)\b.{0,40}\blimit/i,
]
/** Limits on login attempts and on errors are not limits on connections. */
const TOO_MANY_ATTEMPTS = /attempts?|fail|password|incorrect|errors?\b|bad command/i

export function saysTooMany(reply: Reply): boolean {
  if (reply.code !== 421 && reply.code !== 530 && reply.code !== 500) return false
  return TOO_MANY.some((words) => words.test(reply.text)) && !TOO_MANY_ATTEMPTS.test(reply.text)
}

/**
 * vsftpd "530 Non-anonymous sessions must use encryption", ProFTPD and pyftpdlib "550 SSL/TLS required on the control
 * channel", Pure-FTPd "421 Sorry, cleartext sessions and weak ciphers are not accepted on this server", IIS "534 Policy
 * requires SSL", FileZilla Server "503 Use AUTH first" and "530 This server does not allow plain FTP".
 */
const WANTS_TLS = [
  /\b(?:TLS|SSL|FTPS)\b|encrypt/i,
  /clear-?text|plain[- ]?(?:text|ftp)/i,
  /secured? (?:connection|session|channel|control)|connection must be secure/i,
  /\bAUTH\b.{0,12}\bfirst|before USER/i,
]
const WANTS_TLS_CODES = new Set([421, 503, 504, 522, 530, 533, 534, 550])

/** The server refuses a login in clear text because it requires TLS first. */
export function asksForTls(exchange: Exchange, reply: Reply): boolean {
  if (exchange.command !== 'USER' && exchange.command !== 'PASS' && exchange.command !== 'ACCT') return false
  return WANTS_TLS_CODES.has(reply.code) && WANTS_TLS.some((words) => words.test(reply.text))
}

/**
 * How systems word that a socket cannot be bound, in replies that pass on the error: EADDRINUSE, EADDRNOTAVAIL, EACCES
 * and their numbers on Windows. BSD ftpd "425 Can't create data socket (192.0.2.1,20): Permission denied."; Go programs
 * name the call, "dial tcp :20->192.0.2.7:5001: bind: address already in use"; vsftpd names its own, "500 OOPS:
 * vsf_sysutil_bind".
 */
const LOCAL_ERROR = [
  /\bbind\b|vsf_sysutil_bind|find a listening port/i,
  /address (?:is )?already in use|adresse wird bereits verwendet|adresse d[ée]j[àa] utilis[ée]e/i,
  /direcci[óo]n (?:ya )?(?:est[áa] )?(?:ya )?en uso|indirizzo gi[àa] in uso|endere[çc]o j[áa] (?:est[áa] )?em uso/i,
  /(?:create|open) (?:the |a )?(?:data )?socket/i,
  /cannot assign requested address|can't assign requested address/i,
  /only one usage of each socket address|\b100(?:48|49|13)\b/i,
]

/** The server cannot open a data connection because of an error on its own host. */
export function saysLocalError({ code, text }: Reply): boolean {
  if (code < 400) return false
  const beginning = text.slice(0, BEGINNING)
  return LOCAL_ERROR.some((words) => words.test(beginning))
}

/** ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH: the server tried to connect, and the network answered or was silent. */
const TRIED_TO_CONNECT = /connection (?:was )?refused|actively refused|timed? ?out|no route|unreachable/i

/** The server's reply says that it tried to open the data connection. */
export function saysTriedToConnect({ code, text }: Reply): boolean {
  return code >= 400 && TRIED_TO_CONNECT.test(text.slice(0, BEGINNING))
}

/**
 * RFC 4217 §10.1: 521 data connection cannot be opened with this PROT setting; RFC 2228: 536 protection level not
 * supported.
 */
const PROTECTION_CODES = new Set([521, 522, 536])
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
 * vsftpd "522 SSL connection failed: session reuse required", ProFTPD "425 Unable to build data connection: …",
 * FileZilla "425 … TLS session of data connection not resumed."
 */
const ABOUT_SESSION_REUSE = /session.{0,20}(?:reuse|resum)|(?:reuse|resum)\w*.{0,20}session/i

/** The server refuses a transfer whose data connection did not resume the TLS session of the control connection. */
export function asksForSessionReuse(reply: Reply): boolean {
  return reply.code >= 400 && ABOUT_SESSION_REUSE.test(reply.text.slice(0, BEGINNING))
}

/** The server refuses a transfer because of the protection of its data connection, or the lack of it. */
export function refusesProtection(reply: Reply): boolean {
  if (reply.code < 400 || asksForSessionReuse(reply)) return false
  if (PROTECTION_CODES.has(reply.code)) return true
  if (reply.code < 500 && reply.code !== 425) return false
  const beginning = reply.text.slice(0, BEGINNING)
  return ABOUT_PROTECTION.some((pattern) => pattern.test(beginning))
}

/**
 * vsftpd "421 Timeout.", ProFTPD "421 Idle timeout (600 seconds): closing control connection", pyftpdlib "421 Control
 * connection timed out."
 */
const TIMED_OUT = /time(?:d)?[ -]?out|\bidle\b|inactiv/i
/** The timer of the data connection is a different one: vsftpd "421 Data timeout. Reconnect. Sorry." */
const DATA_TIMED_OUT = /\bdata\b/i
/** Shortest silence that is taken for an idle timeout if the reply does not say so: slow users pause nearly as long. */
const MIN_SILENCE_NS = 50e9

/** A server that checks its timer only when the next command arrives answers that command at once. */
const PROMPT_NS = 2e9

/** A 421 that ended an idle period. */
export interface IdleEnd extends ReplyInExchange {
  /** Nanoseconds since the last activity on control and data connections. */
  silence: number
  /** The last activity. */
  since: Sighting
  /** The reply itself says that a timer expired. */
  inWords: boolean
}

/** A 421 ends a session, so there should be one; if there are many, only these are examined. */
const MAX_421 = 8

/** The facts that are searched; `SessionFacts` provides them. */
interface Said {
  readonly replies: readonly ReplyInExchange[]
  lastActivityBefore(packet: Sighting): Sighting
}

/** The 421 with which the server ended an idle session; `null` if there is none. */
export function idleEnd(facts: Said): IdleEnd | null {
  let looked = 0
  for (const said of facts.replies) {
    const { reply, exchange } = said
    if (reply.code !== 421 || saysTooMany(reply) || asksForTls(exchange, reply)) continue
    const unasked = exchange.command === null
    if (++looked > MAX_421) return null
    // A command that waited long for its 421 does not count as silence.
    if (!unasked && reply.time - exchange.time > PROMPT_NS) continue
    const end = unasked ? reply : exchange
    const since = facts.lastActivityBefore(end)
    const silence = end.time - since.time
    const inWords = TIMED_OUT.test(reply.text) && !DATA_TIMED_OUT.test(reply.text)
    if (inWords || (unasked && silence >= MIN_SILENCE_NS)) return { ...said, silence, since, inWords }
  }
  return null
}
