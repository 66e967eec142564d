import { HYPHEN, SPACE, ZERO } from '../../bytes/ascii.js'
import type { Dialogue, Exchange } from '../model.js'
import { fit } from '../reply-codes.js'
import { isKnownVerb } from '../verbs.js'

const TWO = ZERO + 2
/** Characters of a greeting and of another first line that are searched. */
const GREETING_SEARCHED = 512
const LINE_SEARCHED = 4200

/** Cheap test of a server's first bytes, for connections on any port: `220 ` or `220-`. SMTP begins so too: see `classifyControl`. */
export function looksLikeGreeting(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    bytes[start] === TWO &&
    bytes[start + 1] === TWO &&
    bytes[start + 2] === ZERO &&
    (bytes[start + 3] === SPACE || bytes[start + 3] === HYPHEN)
  )
}

/** Verbs that FTP shares with SMTP, POP3 or NNTP: they prove nothing. AUTH counts with a mechanism of FTP only. */
const SHARED = new Set([
  'AUTH',
  'HELP',
  'NOOP',
  'QUIT',
  'STAT',
  'LIST',
  'RETR',
  'DELE',
  'MAIL',
  'MODE',
  'HOST',
  'USER',
  'PASS',
])
const FTP_MECHANISM = /^\s*(?:TLS|SSL|TLS-C|TLS-P|GSSAPI|KERBEROS_V[45])\s*$/i
/** Verbs of SMTP and LMTP (RFC 5321, RFC 2033) that no FTP client sends. */
const MAIL_VERBS = new Set(['EHLO', 'HELO', 'LHLO', 'RCPT', 'DATA', 'RSET', 'VRFY', 'EXPN', 'STARTTLS', 'BDAT'])
/** Servers that greet with 220 and take USER and PASS, but are no FTP. */
const OTHER_GREETING = /\bVMware Authentication Daemon\b/i

/** Commands looked at: FTP shows itself in its first ones. */
const COMMANDS = 8
/** Exchanges looked at, replies without command among them. */
const EXCHANGES = 32

/**
 * Whether a connection that greets with 220 is FTP, decided by what the client says then; without its greeting, by a reply that
 * fits its command. `undecided` until a telling command comes: a caller that has to decide at the end takes that for no FTP.
 */
export function classifyControl(dialogue: Dialogue): 'ftp' | 'other' | 'undecided' {
  if (dialogue.otherProtocol) return 'other'
  let greeted = false
  let commands = 0
  for (const [index, exchange] of dialogue.exchanges.entries()) {
    if (index >= EXCHANGES) return 'other'
    if (exchange.command === null) {
      const greeting = exchange.replies.find((reply) => reply.code === 220)
      if (!greeting) continue
      if (OTHER_GREETING.test(greeting.text.slice(0, GREETING_SEARCHED))) return 'other'
      greeted = true
    } else if (isMailCommand(exchange)) return 'other'
    else if (isFtpCommand(exchange) && (greeted || isAnswered(exchange))) return 'ftp'
    else if (++commands >= COMMANDS) return 'other'
  }
  return 'undecided'
}

export function isFtp(dialogue: Dialogue): boolean {
  return classifyControl(dialogue) === 'ftp'
}

function isMailCommand(exchange: Exchange): boolean {
  // RFC 959's MAIL takes a user; SMTP's a reverse path.
  return MAIL_VERBS.has(exchange.command!) || (exchange.command === 'MAIL' && /^FROM:/i.test(exchange.argument ?? ''))
}

/** For a session without its greeting: a reply that fits the command as FTP pairs them. */
function isAnswered(exchange: Exchange): boolean {
  return exchange.replies.some((reply) => fit(exchange.command!, reply.code) === 'fits')
}

function isFtpCommand(exchange: Exchange): boolean {
  const verb = exchange.command!
  if (verb === 'AUTH') return FTP_MECHANISM.test(exchange.argument ?? '')
  // USER stands in POP3, too, but POP3 greets with +OK; HOST after a 220 is RFC 7151.
  if (verb === 'USER' || verb === 'HOST') return exchange.argument !== null
  return isKnownVerb(verb) && !SHARED.has(verb)
}

/** First words of servers that are not FTP. Order matters: the first match names the protocol. */
const SERVER_BANNERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['SSH', /^SSH-\d/],
  ['HTTP', /^HTTP\/\d/],
  ['POP3', /^\+OK\b/],
  ['IMAP', /^\* (?:OK|PREAUTH|BYE)\b/],
  ['NNTP', /^20[01][ -].*\b(?:NNTP|news)\b/i],
  ['rsync', /^@RSYNCD:/],
  ['VNC', /^RFB \d{3}\.\d{3}/],
  ['SMTP', /^220[ -].{0,256}\b(?:ESMTP|SMTP|LMTP)\b/i],
]

const CLIENT_REQUESTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['HTTP', /^[A-Z]{3,10} \S{1,4096} HTTP\/\d\.\d$/],
  ['SMTP', /^(?:EHLO|HELO|LHLO)(?: |$)/i],
  ['SSH', /^SSH-\d/],
]

/** The protocol that a server's first line belongs to, `null` for FTP and for what cannot be told. */
export function protocolOfServerLine(line: string): string | null {
  return nameOf(SERVER_BANNERS, line)
}

/** The protocol that a client's first line belongs to, `null` for FTP and for what cannot be told. */
export function protocolOfClientLine(line: string): string | null {
  return nameOf(CLIENT_REQUESTS, line)
}

function nameOf(table: typeof SERVER_BANNERS, line: string): string | null {
  const text = line.slice(0, LINE_SEARCHED)
  return table.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
