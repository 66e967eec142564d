/** The unencrypted first bytes in one direction of a TLS connection: hellos, alerts (RFC 8446 §4, RFC 5246 §7.4). */

import { hexOf } from './hex.js'
import {
  ALERT_LENGTH,
  ContentType,
  HANDSHAKE_HEADER,
  HandshakeType,
  mayBeTlsRecord,
  RECORD_HEADER,
  RECORD_PROBE,
} from './record-layer.js'

/** The parts of a ClientHello that matter for session resumption. */
export interface ClientHello {
  /** The session id in hexadecimal; with TLS 1.3 it is 32 bytes without meaning (RFC 8446 §D.4). */
  sessionId: string
  /** The session_ticket extension has a ticket (RFC 5077 §3.2). */
  ticket: boolean
  /** The pre_shared_key extension is present (RFC 8446 §4.2.11): it offers to resume a TLS 1.3 session. */
  preSharedKey: boolean
  /** The hello is longer than what was kept: the rest is unknown. */
  cut: boolean
  /** The highest version that it offers, as in `ServerHello`. */
  version: number
  /** Application protocols that it offers (ALPN, RFC 7301 §3.1); `null` without the extension. */
  protocols: string[] | null
}

export interface ServerHello {
  /** 0x0301 TLS 1.0 … 0x0304 TLS 1.3. */
  version: number
  sessionId: string
  /** pre_shared_key was accepted (TLS 1.3). */
  preSharedKey: boolean
}

export interface ClearAlert {
  level: number
  description: number
}

/** The first records of one direction. */
export interface TlsHead {
  clientHello: ClientHello | null
  serverHello: ServerHello | null
  /** A server's Certificate in the clear (TLS 1.2 and earlier): this is a full handshake. */
  certificate: boolean
  alert: ClearAlert | null
  changedCipher: boolean
  /** Lengths, as in the headers, of the application data records after that, as far as they are kept. */
  data: number[]
}

/** Length of the version, after which the random follows. */
export const RANDOM_AT = 2
/** Length of version and random, after which the session id follows (RFC 8446 §4.1.2). */
export const SESSION_ID_AT = 34
const LONGEST_SESSION_ID = 32
export const Extension = {
  ServerName: 0,
  ApplicationProtocols: 16,
  EncryptThenMac: 22,
  ExtendedMasterSecret: 23,
  SessionTicket: 35,
  PreSharedKey: 41,
  EarlyData: 42,
  SupportedVersions: 43,
} as const
/** First byte of every version since SSL 3.0. */
const TLS_MAJOR = 3
const MAX_PROTOCOLS = 8
/** First bytes of SHA-256("HelloRetryRequest"): a ServerHello with this random is one (RFC 8446 §4.1.3). */
const RETRY = [0xcf, 0x21, 0xad, 0x74]

/** Whether a ServerHello, which begins at `start`, is a HelloRetryRequest. */
export function isRetry(message: Uint8Array, start = 0): boolean {
  return RETRY.every((byte, index) => message[start + RANDOM_AT + index] === byte)
}

/** Whether the bytes begin with a TLS record. */
export function beginsTls(bytes: Uint8Array): boolean {
  return bytes.length >= RECORD_PROBE && mayBeTlsRecord(bytes, RECORD_PROBE)
}

/** Reads the records at the start of a direction, as far as they are kept and in the clear. */
export function readTlsHead(bytes: Uint8Array): TlsHead {
  const head: TlsHead = {
    clientHello: null,
    serverHello: null,
    certificate: false,
    alert: null,
    changedCipher: false,
    data: [],
  }
  let at = 0
  let retried = false
  while (at + RECORD_HEADER <= bytes.length && beginsTls(bytes.subarray(at))) {
    const type = bytes[at]!
    const length = (bytes[at + 3]! << 8) | bytes[at + 4]!
    const end = Math.min(bytes.length, at + RECORD_HEADER + length)
    const body = bytes.subarray(at + RECORD_HEADER, end)
    if (type === ContentType.ChangeCipherSpec) head.changedCipher = true
    else if (type === ContentType.Alert && length === ALERT_LENGTH && body.length === length)
      head.alert = { level: body[0]!, description: body[1]! }
    else if (type === ContentType.Handshake && (!head.changedCipher || (retried && head.serverHello === null))) {
      // The ServerHello that follows a HelloRetryRequest is in the clear, although a ChangeCipherSpec precedes it.
      retried ||= body[0] === HandshakeType.ServerHello && isRetry(body, HANDSHAKE_HEADER)
      readMessages(body, head, body.length < length)
    } else if (type === ContentType.ApplicationData) head.data.push(length)
    at += RECORD_HEADER + length
  }
  return head
}

/** Handshake messages of one record; a message that continues in the next record is read as far as it goes. */
function readMessages(body: Uint8Array, head: TlsHead, cut: boolean): void {
  let at = 0
  while (at + HANDSHAKE_HEADER <= body.length) {
    const length = (body[at + 1]! << 16) | (body[at + 2]! << 8) | body[at + 3]!
    const message = body.subarray(at + HANDSHAKE_HEADER, Math.min(body.length, at + HANDSHAKE_HEADER + length))
    const short = cut || message.length < length
    if (body[at] === HandshakeType.ClientHello) head.clientHello = readClientHello(message, short)
    else if (body[at] === HandshakeType.ServerHello) head.serverHello ??= readServerHello(message)
    else if (body[at] === HandshakeType.Certificate) head.certificate = true
    at += HANDSHAKE_HEADER + length
  }
}

/** Reads a ClientHello message without its header, as far as it was kept. */
export function readClientHello(message: Uint8Array, cut: boolean): ClientHello | null {
  const id = sessionId(message)
  if (id === null) return null
  let at = id.end
  const suites = u16(message, at)
  at += 2 + suites
  at += 1 + (message[at] ?? 0)
  const version = u16(message, 0)
  const hello: ClientHello = { sessionId: id.text, ticket: false, preSharedKey: false, cut, version, protocols: null }
  for (const { type, length, at: start } of extensions(message, at)) {
    const body = message.subarray(start, start + length)
    if (type === Extension.SupportedVersions) hello.version = highestVersion(body) ?? version
    if (type === Extension.ApplicationProtocols) hello.protocols = protocolNames(body)
    if (type === Extension.SessionTicket && length > 0) hello.ticket = true
    if (type === Extension.PreSharedKey) hello.preSharedKey = true
  }
  return hello
}

function readServerHello(message: Uint8Array): ServerHello | null {
  const id = sessionId(message)
  if (id === null || isRetry(message)) return null
  const hello: ServerHello = { version: u16(message, 0), sessionId: id.text, preSharedKey: false }
  // The cipher suite (2 bytes) and compression method (1 byte) come before the extensions.
  for (const { type, at } of extensions(message, id.end + 3)) {
    if (type === Extension.PreSharedKey) hello.preSharedKey = true
    if (type === Extension.SupportedVersions) hello.version = u16(message, at)
  }
  return hello
}

/** The highest version in supported_versions (RFC 8446 §4.2.1), without values such as 0x0a0a (GREASE, RFC 8701). */
function highestVersion(body: Uint8Array): number | null {
  let highest: number | null = null
  for (let at = 1; at + 2 <= body.length; at += 2) {
    const version = u16(body, at)
    if (version >> 8 === TLS_MAJOR && version > (highest ?? 0)) highest = version
  }
  return highest
}

/** Names in an ALPN extension, each after its length (RFC 7301 §3.1). */
export function protocolNames(body: Uint8Array): string[] {
  const names: string[] = []
  for (let at = 2; at < body.length && names.length < MAX_PROTOCOLS; at += 1 + body[at]!)
    names.push(String.fromCharCode(...body.subarray(at + 1, at + 1 + body[at]!)))
  return names
}

/** The session id in hexadecimal, which follows version and random; `null` if the message ends before it. */
function sessionId(message: Uint8Array): { text: string; end: number } | null {
  const length = message[SESSION_ID_AT]
  const start = SESSION_ID_AT + 1
  if (length === undefined || length > LONGEST_SESSION_ID || start + length > message.length) return null
  const id = message.subarray(start, start + length)
  return { text: hexOf(id), end: start + length }
}

export function* extensions(
  message: Uint8Array,
  start: number,
): Generator<{ type: number; length: number; at: number }> {
  const end = Math.min(message.length, start + 2 + u16(message, start))
  for (let at = start + 2; at + 4 <= end;) {
    const length = u16(message, at + 2)
    yield { type: u16(message, at), length, at: at + 4 }
    at += 4 + length
  }
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
