import type { Dialogue, Exchange } from '../model.js'
import { isKnownVerb } from '../verbs.js'
import { HIDDEN } from './secret-arguments.js'

/** Commands and header fields of protocols that end up on FTP's ports; what a person types in Telnet has no names. */
const NAMES: ReadonlySet<string> = new Set(
  // HTTP (RFC 9110), with its header fields.
  (
    'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PRI ' +
    'HOST: USER-AGENT: ACCEPT: ACCEPT-ENCODING: ACCEPT-LANGUAGE: ACCEPT-CHARSET: CONNECTION: KEEP-ALIVE: COOKIE: ' +
    'AUTHORIZATION: PROXY-AUTHORIZATION: PROXY-CONNECTION: CONTENT-TYPE: CONTENT-LENGTH: TRANSFER-ENCODING: ' +
    'CACHE-CONTROL: PRAGMA: UPGRADE: UPGRADE-INSECURE-REQUESTS: REFERER: ORIGIN: RANGE: EXPECT: TE: DNT: ' +
    'IF-MODIFIED-SINCE: IF-NONE-MATCH: X-FORWARDED-FOR: ' +
    // SMTP (RFC 5321), POP3 (RFC 1939), NNTP (RFC 3977).
    'EHLO HELO LHLO MAIL RCPT DATA RSET VRFY EXPN STARTTLS BDAT ETRN TURN NOOP QUIT HELP AUTH ' +
    'APOP CAPA STLS TOP UIDL STAT LIST RETR DELE USER PASS ' +
    'GROUP ARTICLE BODY NEXT LAST NEWGROUPS NEWNEWS IHAVE XOVER OVER HDR XHDR DATE MODE CAPABILITIES AUTHINFO SLAVE ' +
    // IMAP (RFC 9051), without its tags; IRC (RFC 2812).
    'CAPABILITY LOGIN LOGOUT AUTHENTICATE SELECT EXAMINE FETCH STORE SEARCH APPEND IDLE ENABLE LSUB STATUS EXPUNGE ' +
    'UID NICK JOIN PART PRIVMSG NOTICE PING PONG TOPIC KICK INVITE WHO WHOIS OPER CAP'
  ).split(' '),
)
/** IMAP writes a tag of the client's choice before each command. */
const TAGGED = /^[A-Z0-9]{1,8}$/
/** The server asks for the next part of a login (RFC 4954 §4, RFC 4643 §2.4). */
const CONTINUATION = new Set([334, 335, 381, 383])

/**
 * Leaves of a dialogue that is not FTP the names of its commands, codes, and what the server said before the client's
 * first line: what follows may be or repeat a secret, whose place in foreign protocols is not known.
 */
export function hideOtherProtocol(dialogue: Dialogue): void {
  const { exchanges, uncodedLine } = dialogue
  const named = dialogue.otherProtocol!.name !== 'Telnet'
  const first = exchanges.find(({ command }) => command !== null)?.frame ?? Infinity
  const spoken = Math.min(first, dialogue.fragments[0]?.frame ?? Infinity)
  let asked = false
  for (const exchange of exchanges) {
    if (exchange.command !== null) exchange.command = (named && !asked ? nameOf(exchange) : null) ?? HIDDEN
    exchange.argument = null
    asked = exchange.replies.some(({ code }) => CONTINUATION.has(code))
    for (const reply of exchange.replies) if (reply.frame > spoken && reply.text !== '') reply.text = HIDDEN
  }
  dialogue.user = null
  dialogue.clientSoftware = null
  dialogue.workingDirectory = null
  dialogue.features = []
  for (const transfer of dialogue.transfers) {
    transfer.path = null
    transfer.directory = null
  }
  for (const announcement of dialogue.announcements)
    if (announcement.malformed !== null) announcement.malformed = 'not FTP'
  if (uncodedLine && uncodedLine.frame > spoken)
    uncodedLine.text = /^HTTP\/\d(?:\.\d)? \d{3}\b/.exec(uncodedLine.text)?.[0] ?? HIDDEN
}

/** Whether it is the name of a command or header field of another protocol, in any case. */
export function isForeignName(word: string): boolean {
  return NAMES.has(word.toUpperCase())
}

function nameOf({ command, argument }: Exchange): string | null {
  if (NAMES.has(command!) || isKnownVerb(command!)) return command
  const second = TAGGED.test(command!) ? /^\s*(\S+)/.exec(argument ?? '')?.[1]?.toUpperCase() : undefined
  return second !== undefined && NAMES.has(second) ? second : null
}
