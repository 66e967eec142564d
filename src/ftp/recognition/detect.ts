import { HYPHEN, SPACE, ZERO } from '../../bytes/ascii.js'
import type { Dialogue, Exchange } from '../model.js'
import { ContentType } from '../../tls/record-layer.js'
import { fit } from '../reply-codes.js'
import { isKnownVerb } from '../verbs.js'

const TWO = ZERO + 2
/** Characters searched in a greeting, and in another first line. */
const GREETING_SEARCHED = 512
const LINE_SEARCHED = 4200

/** Cheap test of a server's first bytes, on any port: `220 ` or `220-`. SMTP passes it too: see `classifyControl`. */
export function looksLikeGreeting(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    bytes[start] === TWO &&
    bytes[start + 1] === TWO &&
    bytes[start + 2] === ZERO &&
    (bytes[start + 3] === SPACE || bytes[start + 3] === HYPHEN)
  )
}

/** A server's first bytes, on any port: the identification string of SSH (RFC 4253 §4.2). */
export function looksLikeSsh(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= SSH.length && SSH.every((byte, index) => bytes[start + index] === byte)
}

/** A client's first bytes: a TLS handshake record (RFC 8446 §5.1). */
export function looksLikeTls(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === ContentType.Handshake && bytes[start + 1] === TLS_MAJOR
}

const SSH: readonly number[] = [0x53, 0x53, 0x48, 0x2d] // "SSH-"
const TLS_MAJOR = 3

/** Verbs that FTP shares with SMTP, POP3 or NNTP: they prove nothing. AUTH counts only with a mechanism of FTP. */
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
/** Servers that greet with 220 and accept USER and PASS, but are not FTP. */
const OTHER_GREETING = /\bVMware Authentication Daemon\b/i

/** Commands examined: FTP is recognized by its first ones. */
const COMMANDS = 8
/** Exchanges examined, including unsolicited replies. */
const EXCHANGES = 32

/**
 * Whether a connection whose server greets with 220 is FTP, by the client's commands; without a greeting, by a reply
 * that fits its command. `undecided` until there is a distinctive command; if none comes, it does not count as FTP.
 */
export function classifyControl(dialogue: Dialogue): 'ftp' | 'other' | 'undecided' {
  if (dialogue.otherProtocol) return dialogue.otherProtocol.name === 'SSH' ? classifyClientOfSsh(dialogue) : 'other'
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

/** A client that speaks FTP or TLS to an SSH server was meant for an FTP server. */
function classifyClientOfSsh({ exchanges, clientHello }: Dialogue): 'ftp' | 'other' | 'undecided' {
  if (clientHello) return 'ftp'
  const first = exchanges.find(({ command }) => command !== null)
  if (!first) return 'undecided'
  return isFtpCommand(first) ? 'ftp' : 'other'
}

export function isFtp(dialogue: Dialogue): boolean {
  return classifyControl(dialogue) === 'ftp'
}

function isMailCommand(exchange: Exchange): boolean {
  // MAIL takes a user in RFC 959, and a reverse path in SMTP.
  return MAIL_VERBS.has(exchange.command!) || (exchange.command === 'MAIL' && /^FROM:/i.test(exchange.argument ?? ''))
}

/** For a session without its greeting: a reply that fits the command, by the rules of pairing. */
function isAnswered(exchange: Exchange): boolean {
  return exchange.replies.some((reply) => fit(exchange.command!, reply.code) === 'fits')
}

/** A command that only FTP clients send, or that opens their login. */
export function isFtpCommand(exchange: Pick<Exchange, 'command' | 'argument'>): boolean {
  const verb = exchange.command!
  if (verb === 'AUTH') return FTP_MECHANISM.test(exchange.argument ?? '')
  // POP3 also has USER, but greets with +OK; HOST after a 220 is RFC 7151.
  if (verb === 'USER' || verb === 'HOST') return exchange.argument !== null
  return isKnownVerb(verb) && !SHARED.has(verb)
}

/** First words of servers that are not FTP. Order matters: the first match decides. */
const SERVER_BANNERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['SSH', /^SSH-\d/],
  ['HTTP', /^HTTP\/\d/],
  ['POP3', /^\+OK\b/],
  ['IMAP', /^\* (?:OK|PREAUTH|BYE)\b/],
  ['NNTP', /^20[01][ -].*\b(?:NNTP|news)\b/i],
  ['rsync', /^@RSYNCD:/],
  ['VNC', /^RFB \d{3}\.\d{3}/],
  // A numeric, or a notice (RFC 1459 §2.3.1, §2.4), perhaps without prefix before the client has registered.
  ['IRC', /^:\S{1,255} (?:\d{3}|NOTICE|PING|MODE) \S|^NOTICE AUTH :|^PING :\S/],
  ['SMTP', /^220[ -].{0,256}\b(?:ESMTP|SMTP|LMTP)\b/i],
]

const CLIENT_REQUESTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['HTTP', /^[A-Z]{3,10} \S{1,4096} HTTP\/\d\.\d$/],
  ['SMTP', /^(?:EHLO|HELO|LHLO)(?: |$)/i],
  ['SSH', /^SSH-\d/],
  ['HTTP', /^GET \/\S{0,4096}$/],
  ['RTSP', /^[A-Z_]{3,16} \S{1,4096} RTSP\/\d\.\d$/],
  ['SIP', /^[A-Z]{3,10} sips?:\S{1,4096} SIP\/\d\.\d$/i],
  ['IMAP', /^\w{1,16} (?:CAPABILITY|LOGIN|AUTHENTICATE|STARTTLS|LOGOUT|ID)(?: |$)/i],
  ['POP3', /^(?:CAPA|APOP)(?: |$)/i],
  ['NNTP', /^(?:MODE READER|AUTHINFO|CAPABILITIES)(?: |$)/i],
  ['IRC', /^(?:NICK \S|CAP LS|JOIN #)/i],
  ['XMPP', /^<(?:\?XML|STREAM:STREAM) /i],
  ['Redis', /^\*\d{1,3}$/],
]

/** The protocol of a server's first line; `null` for FTP and for unknown protocols. */
export function protocolOfServerLine(line: string): string | null {
  return nameOf(SERVER_BANNERS, line)
}

/** The protocol of a client's first line; `null` for FTP and for unknown protocols. */
export function protocolOfClientLine(line: string): string | null {
  return nameOf(CLIENT_REQUESTS, line)
}

function nameOf(table: typeof SERVER_BANNERS, line: string): string | null {
  const text = line.slice(0, LINE_SEARCHED)
  return table.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}
