/** All of a ClientHello and a ServerHello that decryption and the facts of a connection need (RFC 8446 §4.1). */

import { decodeText } from '../bytes/text.js'
import {
  type ClientHello,
  Extension,
  extensions,
  isRetry,
  protocolNames,
  readClientHello,
  RANDOM_AT,
  SESSION_ID_AT,
  u16,
} from './hello.js'

export interface ClientHelloDetails extends ClientHello {
  random: Uint8Array
  session: Uint8Array
  /** The session ticket that it offers (RFC 5077 §3.2); `null` without one. */
  ticketBytes: Uint8Array | null
  /** Numbers of the cipher suites that it offers, as far as they were kept. */
  suites: number[]
  /** The host name of server_name (RFC 6066 §3); `null` without the extension. */
  serverName: string | null
  /** early_data: records with 0-RTT data follow at once (RFC 8446 §4.2.10). */
  earlyData: boolean
}

export interface ServerHelloDetails {
  random: Uint8Array
  session: Uint8Array
  suite: number
  /** 0x0301 TLS 1.0 … 0x0304 TLS 1.3. */
  version: number
  compression: number
  /** A HelloRetryRequest (RFC 8446 §4.1.4): another ClientHello follows. */
  retry: boolean
  /** pre_shared_key was accepted (TLS 1.3). */
  preSharedKey: boolean
  extendedMasterSecret: boolean
  encryptThenMac: boolean
  /** The protocol chosen, up to TLS 1.2. */
  protocol: string | null
}

const RANDOM_BYTES = 32
const MAX_SUITES = 512
const MAX_NAME = 255
const HOST_NAME = 0

/** Reads a complete ClientHello without its message header; `null` if it is none. */
export function readClientHelloDetails(message: Uint8Array): ClientHelloDetails | null {
  const hello = readClientHello(message, false)
  if (!hello) return null
  let at = SESSION_ID_AT + 1 + message[SESSION_ID_AT]!
  const session = message.slice(SESSION_ID_AT + 1, at)
  const suites: number[] = []
  const end = Math.min(message.length, at + 2 + u16(message, at))
  for (at += 2; at + 2 <= end && suites.length < MAX_SUITES; at += 2) suites.push(u16(message, at))
  at = end + 1 + (message[end] ?? 0)
  const details: ClientHelloDetails = {
    sessionId: hello.sessionId,
    ticket: hello.ticket,
    preSharedKey: hello.preSharedKey,
    cut: hello.cut,
    version: hello.version,
    protocols: hello.protocols,
    random: randomOf(message),
    session,
    ticketBytes: null,
    suites,
    serverName: null,
    earlyData: false,
  }
  for (const extension of extensions(message, at)) {
    const body = message.subarray(extension.at, extension.at + extension.length)
    if (extension.type === Extension.ServerName) details.serverName = hostName(body)
    if (extension.type === Extension.SessionTicket && body.length > 0) details.ticketBytes = body.slice()
    if (extension.type === Extension.EarlyData) details.earlyData = true
  }
  return details
}

/** Reads a complete ServerHello without its message header; `null` if it is none. */
export function readServerHelloDetails(message: Uint8Array): ServerHelloDetails | null {
  const sessionLength = message[SESSION_ID_AT]
  if (sessionLength === undefined || sessionLength > RANDOM_BYTES) return null
  const at = SESSION_ID_AT + 1 + sessionLength
  if (message.length < at + 3) return null
  const random = randomOf(message)
  const details: ServerHelloDetails = {
    random,
    session: message.slice(SESSION_ID_AT + 1, at),
    suite: u16(message, at),
    version: u16(message, 0),
    compression: message[at + 2]!,
    retry: isRetry(message),
    preSharedKey: false,
    extendedMasterSecret: false,
    encryptThenMac: false,
    protocol: null,
  }
  for (const extension of extensions(message, at + 3)) {
    if (extension.type === Extension.SupportedVersions) details.version = u16(message, extension.at)
    if (extension.type === Extension.PreSharedKey) details.preSharedKey = true
    if (extension.type === Extension.ExtendedMasterSecret) details.extendedMasterSecret = true
    if (extension.type === Extension.EncryptThenMac) details.encryptThenMac = true
    if (extension.type === Extension.ApplicationProtocols)
      details.protocol = protocolNames(message.subarray(extension.at, extension.at + extension.length))[0] ?? null
  }
  return details
}

/** The protocol that EncryptedExtensions choose (RFC 7301 §3.1), in TLS 1.3. */
export function readEncryptedExtensions(message: Uint8Array): { protocol: string | null; earlyData: boolean } {
  let protocol: string | null = null
  let earlyData = false
  for (const extension of extensions(message, 0)) {
    if (extension.type === Extension.EarlyData) earlyData = true
    if (extension.type === Extension.ApplicationProtocols)
      protocol = protocolNames(message.subarray(extension.at, extension.at + extension.length))[0] ?? null
  }
  return { protocol, earlyData }
}

function randomOf(message: Uint8Array): Uint8Array {
  return message.slice(RANDOM_AT, RANDOM_AT + RANDOM_BYTES)
}

/** The first name in server_name: list length, type, length, name. */
function hostName(body: Uint8Array): string | null {
  if (body.length < 5 || body[2] !== HOST_NAME) return null
  const length = Math.min(u16(body, 3), MAX_NAME)
  return length === 0 ? null : decodeText(body.subarray(5, 5 + length))
}
