import { DEL, SPACE } from '../../bytes/ascii.js'
import { isFtpCommand, looksLikeTls, protocolOfClientLine, protocolOfServerLine } from '../../ftp/recognition/detect.js'
import { readClientHelloDetails } from '../../tls/hello-details.js'
import { Direction } from '../../tcp/connection.js'

/** Characters of a first line that are examined. */
const LINE = 512
/** NetBIOS session header, then SMB's magic number (MS-SMB §2.2.3.1, MS-SMB2 §2.2.1). */
const SMB_AT = 4
const SMB_MARKS: readonly number[] = [0xff, 0xfe, 0xfd]
/** Record header and message header of a ClientHello (RFC 8446 §5.1, §4). */
const HELLO_AT = 9
const WEBDAV = /^(?:PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|REPORT) \S{1,4096} HTTP\/\d\.\d$/

/** The protocol that the first payload of a side shows: "SSH", "HTTP", "TLS for FTP" … ; `null` if it shows none. */
export function protocolOfPayload(bytes: Uint8Array, start: number, end: number, direction: Direction): string | null {
  if (isSmb(bytes, start, end)) return 'SMB'
  if (direction === Direction.FromInitiator && looksLikeTls(bytes, start, end))
    return protocolOfHello(bytes, start, end)
  const line = firstLine(bytes, start, end)
  if (line === null) return null
  if (direction === Direction.FromResponder) return protocolOfServerLine(line)
  if (WEBDAV.test(line)) return 'WebDAV'
  return protocolOfClientLine(line) ?? (isCommandOfFtp(line) ? 'FTP' : null)
}

/** TLS that asks for FTP by its application protocol (RFC 7301) or by the name of the server. */
function protocolOfHello(bytes: Uint8Array, start: number, end: number): string {
  const hello = readClientHelloDetails(bytes.subarray(start + HELLO_AT, end))
  if (!hello) return 'TLS'
  const { protocols, serverName } = hello
  if (protocols?.includes('ftp') || /^ftps?\d{0,3}[.-]/i.test(serverName ?? '')) return 'TLS for FTP'
  return protocols?.some((name) => name.startsWith('http/') || name === 'h2') ? 'HTTPS' : 'TLS'
}

/** A client's command that no other text protocol has: the connection was captured from its middle. */
function isCommandOfFtp(line: string): boolean {
  const [, command, argument] = /^([A-Z]{3,4})(?: (.*))?$/i.exec(line) ?? []
  if (command === undefined) return false
  return isFtpCommand({ command: command.toUpperCase(), argument: argument ?? null })
}

function isSmb(bytes: Uint8Array, start: number, end: number): boolean {
  const at = start + SMB_AT
  if (end - at < 4 || bytes[start] !== 0 || !SMB_MARKS.includes(bytes[at]!)) return false
  return String.fromCharCode(bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!) === 'SMB'
}

/** The first line, if it is ASCII text; `null` otherwise. */
function firstLine(bytes: Uint8Array, start: number, end: number): string | null {
  let line = ''
  for (let at = start; at < end && at < start + LINE; at++) {
    const byte = bytes[at]!
    if (byte === 0x0d || byte === 0x0a) return line
    if (byte < SPACE || byte >= DEL) return null
    line += String.fromCharCode(byte)
  }
  return line
}
