import type { Dialogue, Exchange } from '../model.js'
import { isKnownVerb } from '../verbs.js'
import { isFtpCommand } from './detect.js'

/** Verbs that POP3 and NNTP servers know as well, so that they do not show an FTP client. */
const OF_MAIL = new Set(['USER', 'PASS', 'STAT', 'LIST', 'RETR', 'DELE', 'NOOP', 'QUIT', 'HELP', 'AUTH'])
/** Of IRC (RFC 1459 §4.1); its USER has a name and three parameters. */
const OF_IRC = new Set(['PASS', 'USER', 'QUIT', 'MODE', 'LIST', 'STATS', 'HELP'])
const MAIL_SERVERS = new Set(['POP3', 'IMAP', 'NNTP'])
/** ALPN's name of FTP over TLS (IANA's registry of RFC 7301 §6), and what names HTTP. */
const FTP_OVER_TLS = 'ftp'
const HTTP_OVER_TLS = /^(?:h2|h2c|http\/\d\.\d)$/

/**
 * The protocol of a connection that has no FTP client, so that it is simply other traffic, whatever the server is;
 * `null` if an FTP client may be there: it speaks FTP, or TLS that may be FTPS, or waits for a greeting as FTP clients
 * do. `clientSpoke`: the client sent payload.
 */
export function otherTrafficOf(dialogue: Dialogue, clientSpoke: boolean): string | null {
  const tls = otherTlsOf(dialogue)
  if (tls !== null) return tls
  if (clientSpoke && isNoFtpAtAll(dialogue)) return 'unknown'
  const { otherProtocol, exchanges, clientHello } = dialogue
  if (!otherProtocol || clientHello || !clientSpoke) return null
  const commands = exchanges.filter(({ command }) => command !== null)
  if (commands.some((exchange) => speaksFtp(exchange, otherProtocol.name))) return null
  return otherProtocol.name
}

/** The client speaks first, TLS, and names application protocols of which none is FTP (RFC 7301 §3.1). */
function otherTlsOf({ clientHello, tls }: Dialogue): string | null {
  const protocols = clientHello && tls?.offer?.protocols
  if (!protocols || protocols.length === 0 || protocols.includes(FTP_OVER_TLS)) return null
  return protocols.some((name) => HTTP_OVER_TLS.test(name)) ? 'HTTPS' : 'TLS'
}

/** Neither side said a word of FTP: no reply with a code, and no command that a server knows. */
function isNoFtpAtAll({ exchanges, opaqueFrom, uncodedLine, otherProtocol }: Dialogue): boolean {
  if (opaqueFrom || otherProtocol || !uncodedLine?.beforeReplies) return false
  const commands = exchanges.filter(({ command }) => command !== null)
  return (
    commands.length > 0 &&
    exchanges.every(({ replies }) => replies.length === 0) &&
    commands.every(({ command }) => !isKnownVerb(command!))
  )
}

function speaksFtp(exchange: Exchange, server: string): boolean {
  if (MAIL_SERVERS.has(server) && OF_MAIL.has(exchange.command!)) return false
  if (server === 'IRC' && OF_IRC.has(exchange.command!))
    return exchange.command === 'USER' && !/^\S+\s+\S+\s+\S+\s+\S/.test(exchange.argument ?? '')
  return isFtpCommand(exchange)
}
