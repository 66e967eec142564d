/** What the rules on TLS share. Where nothing is decrypted, lengths and handshake messages in the clear tell much. */
import type { DataChannel, Inferred, Session } from '../../correlate/model.js'
import type { TlsHead } from '../../tls/hello.js'
import { FROM_CLIENT, FROM_SERVER } from '../../ftp/model.js'
import { Direction, type Sighting } from '../../tcp/connection.js'

/** Alert descriptions (RFC 8446 §6, RFC 5246 §7.2). */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close notify',
  10: 'unexpected message',
  20: 'bad record MAC',
  22: 'record overflow',
  40: 'handshake failure',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
  48: 'unknown CA',
  49: 'access denied',
  50: 'decode error',
  51: 'decrypt error',
  70: 'protocol version',
  71: 'insufficient security',
  80: 'internal error',
  86: 'inappropriate fallback',
  90: 'user canceled',
  109: 'missing extension',
  110: 'unsupported extension',
  112: 'unrecognized name',
  113: 'bad certificate status response',
  115: 'unknown PSK identity',
  116: 'certificate required',
  120: 'no application protocol',
}
export const CLOSE_NOTIFY = 0
export const NO_APPLICATION_PROTOCOL = 120

export function alertName(description: number): string {
  return `${ALERTS[description] ?? 'alert'} (${description})`
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0300: 'SSL 3.0',
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
}

export function versionName(version: number): string {
  return VERSIONS[version] ?? `TLS version 0x${version.toString(16)}`
}

/** The version in a ServerHello. */
export const TLS13 = 0x0304
/** Encrypted alert of TLS 1.3: 2 bytes, type and tag. */
export const ALERT13 = 19

/** Overhead of a record with the usual ciphers: in TLS 1.3 tag and content type, in TLS 1.2 tag and nonce. */
const ADDED_BY_TLS13 = 17
const ADDED_BY_CHACHA20_POLY1305 = 16
const ADDED_BY_AES_GCM = 24
const OVERHEADS = [ADDED_BY_TLS13, ADDED_BY_CHACHA20_POLY1305, ADDED_BY_AES_GCM]
/** `PASV` or `EPSV` with CRLF. */
const QUESTION = 6
/** From Pure-FTPd's `229 Extended Passive mode OK (|||1024|)` to a 227 with the longest tuple. */
const SHORTEST_ANSWER = 39
const LONGEST_ANSWER = 58

/** A record of the server, long enough for a 227 or 229, after one of the client as short as PASV and EPSV. */
export interface LikelyAnnouncement {
  question: Sighting
  answer: Sighting
  /** Length of the reply without the overhead of encryption; 0 where padding hides it. */
  length: number
  /** Its code, where that was inferred. */
  code: number | null
}

/** Exchanges under TLS that have the lengths of PASV or EPSV and their answers; LIST and CDUP look alike. */
export function likelyAnnouncements(session: Session): LikelyAnnouncement[] {
  if (session.inferred) return inferredAnnouncements(session.inferred)
  const records = session.dialogue.tls?.records ?? []
  const found: LikelyAnnouncement[] = []
  for (const [index, answer] of records.entries()) {
    const question = records[index - 1]
    if (answer.direction !== FROM_SERVER || question?.direction !== FROM_CLIENT) continue
    const overhead = question.length - QUESTION
    const length = answer.length - overhead
    // A second record after it is the rest of a long reply.
    if (records[index + 1]?.direction === FROM_SERVER) continue
    if (OVERHEADS.includes(overhead) && length >= SHORTEST_ANSWER && length <= LONGEST_ANSWER)
      found.push({ question, answer, length, code: null })
  }
  return found
}

/** The 227 and 229 among what was inferred, with the commands before them. */
function inferredAnnouncements({ inference }: Inferred): LikelyAnnouncement[] {
  return inference.records.flatMap((answer, index) => {
    const question = inference.records[index - 1]
    if ((answer.code !== 227 && answer.code !== 229) || !question) return []
    return [{ question, answer, length: answer.bytes ?? 0, code: answer.code }]
  })
}

/** Length of the first reply under TLS after a point in time, without the overhead of encryption; `null` if unknown. */
export function replyLengthAfter(
  session: Session,
  time: number,
  version: number,
): { at: Sighting; length: number } | null {
  const record = session.dialogue.tls?.records.find((each) => each.direction === FROM_SERVER && each.time >= time)
  if (!record) return null
  return { at: record, length: record.length - (version >= TLS13 ? ADDED_BY_TLS13 : ADDED_BY_AES_GCM) }
}

/**
 * The TLS client and server of a data connection; the FTP client is the TLS client, whichever side connected (RFC 4217
 * §7).
 */
export interface DataTls {
  client: TlsHead
  server: TlsHead
  clientDirection: Direction
}

/** A direction of a data connection ended with close_notify: as decrypted, or else by type and length of the record. */
export function endsWithClose({ content, connection }: DataChannel, direction: Direction): boolean {
  const flow = content?.flows[direction]
  if (flow && flow.bytes !== null) return flow.closeNotify !== null
  return connection?.flows[direction].endsWithAlert ?? false
}

export function dataTlsOf(channel: DataChannel): DataTls | null {
  const [initiator, responder] = channel.head?.tls ?? [null, null]
  if (!initiator || !responder) return null
  return initiator.clientHello
    ? { client: initiator, server: responder, clientDirection: Direction.FromInitiator }
    : { client: responder, server: initiator, clientDirection: Direction.FromResponder }
}
