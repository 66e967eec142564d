import { u16be } from '../../bytes/read.js'
import { ContentType, HANDSHAKE_HEADER, HandshakeType, MAX_RECORD, RECORD_HEADER } from '../../tls/record-layer.js'
import type { CertificateNames } from './certificate-names.js'

const MAJOR_VERSION = 3
const LATEST_MINOR_VERSION = 4
const LF = 0x0a

/** Where a record is in the bytes; it may end after them. */
interface RecordPlace {
  type: number
  start: number
  end: number
}

/** A part of the bytes that consists of records, rewritten. */
export interface RecordImage {
  at: number
  bytes: Uint8Array
}

export interface TlsRewriting {
  names: CertificateNames
  keepCertificates: boolean
}

/**
 * Finds the TLS records in contiguous bytes, and rewrites them: encrypted content stays, of the handshake what names
 * nobody; names in certificates and in the ClientHello are replaced.
 */
export function rewrittenRecords(bytes: Uint8Array, rewriting: TlsRewriting): RecordImage[] {
  const records = recordsIn(bytes)
  const images: RecordImage[] = []
  const handshake = new HandshakeBytes(rewriting)
  for (const { type, start, end } of records) {
    const image = bytes.slice(start, end)
    if (type === ContentType.Handshake) handshake.add(image)
    else if (type !== ContentType.Alert) handshake.end()
    images.push({ at: start, bytes: image })
  }
  handshake.end()
  return images
}

/** Whether a record may begin there. */
export function isRecord(bytes: Uint8Array, at: number): boolean {
  if (at + RECORD_HEADER > bytes.length) return false
  const type = bytes[at]!
  if (type < ContentType.ChangeCipherSpec || type > ContentType.ApplicationData) return false
  const length = u16be(bytes, at + 3)
  return bytes[at + 1] === MAJOR_VERSION && bytes[at + 2]! <= LATEST_MINOR_VERSION && length > 0 && length <= MAX_RECORD
}

function recordsIn(bytes: Uint8Array): RecordPlace[] {
  const records: RecordPlace[] = []
  for (let at = 0; at < bytes.length;) {
    if (!isRecord(bytes, at)) {
      at++
      continue
    }
    const end = at + RECORD_HEADER + u16be(bytes, at + 3)
    const follows = records.at(-1)?.end === at || at === 0 || bytes[at - 1] === LF
    // Elsewhere it may be by chance.
    if (!follows && end !== bytes.length && !isRecord(bytes, end)) {
      at++
      continue
    }
    records.push({ type: bytes[at]!, start: at, end: Math.min(end, bytes.length) })
    at = end
  }
  return records
}

/** Handshake messages, which may span records. */
class HandshakeBytes {
  readonly #rewriting: TlsRewriting
  /** The records of a flight, with headers. */
  #records: Uint8Array[] = []
  /** Records after the first one that changes the cipher are encrypted. */
  #encrypted = false

  constructor(rewriting: TlsRewriting) {
    this.#rewriting = rewriting
  }

  add(record: Uint8Array): void {
    if (!this.#encrypted) this.#records.push(record)
    // The answer to a HelloRetryRequest comes after a record that changes the cipher (RFC 8446 §D.4).
    else if (isClientHello(record)) this.#messages(record.subarray(RECORD_HEADER))
  }

  /** Rewrites what was added, in place; what follows is encrypted. */
  end(): void {
    const records = this.#records
    this.#records = []
    this.#encrypted = true
    const bodies = records.map((record) => record.subarray(RECORD_HEADER))
    const flight = new Uint8Array(bodies.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const body of bodies) {
      flight.set(body, at)
      at += body.length
    }
    this.#messages(flight)
    at = 0
    for (const body of bodies) {
      body.set(flight.subarray(at, at + body.length))
      at += body.length
    }
  }

  #messages(flight: Uint8Array): void {
    for (let at = 0; at < flight.length;) {
      const start = at + HANDSHAKE_HEADER
      if (start > flight.length) {
        flight.fill(0, at)
        return
      }
      const length = (flight[at + 1]! << 16) | u16be(flight, at + 2)
      const end = Math.min(flight.length, start + length)
      this.#message(flight[at]!, flight.subarray(start, end), end === start + length)
      at = start + length
    }
  }

  #message(type: number, body: Uint8Array, isWhole: boolean): void {
    const { names, keepCertificates } = this.#rewriting
    switch (type) {
      case HandshakeType.ClientHello:
        serverName(body, names)
        return
      case HandshakeType.HelloRequest:
      case HandshakeType.ServerHello:
      case HandshakeType.NewSessionTicket:
      case HandshakeType.ServerKeyExchange:
      case HandshakeType.ServerHelloDone:
      case HandshakeType.CertificateVerify:
      case HandshakeType.ClientKeyExchange:
      case HandshakeType.Finished:
        return
      case HandshakeType.Certificate:
        if (!keepCertificates) certificates(body, names, isWhole)
        return
      case HandshakeType.CertificateRequest:
        if (!keepCertificates) authorities(body, names)
        return
      default:
        body.fill(0)
    }
  }
}

function isClientHello(record: Uint8Array): boolean {
  const body = record.subarray(RECORD_HEADER)
  return body[0] === HandshakeType.ClientHello && body[1] === 0 && body[4] === MAJOR_VERSION
}

/** Length of a length in the list of certificates (RFC 5246 §7.4.2). */
const LENGTH = 3

function certificates(body: Uint8Array, names: CertificateNames, isWhole: boolean): void {
  for (let at = LENGTH; at < body.length;) {
    const start = at + LENGTH
    if (start > body.length) return
    const end = start + ((body[at]! << 16) | u16be(body, at + 1))
    if (end <= body.length) names.rewrite(body, start, end)
    else if (!isWhole || start < body.length) body.fill(0, start)
    at = end
  }
}

/** The authorities that a server accepts, after types and algorithms (RFC 5246 §7.4.4). */
function authorities(body: Uint8Array, names: CertificateNames): void {
  const afterTypes = 1 + (body[0] ?? 0)
  for (const at of [afterTypes, afterTypes + 2 + (afterTypes + 2 <= body.length ? u16be(body, afterTypes) : 0)]) {
    if (at + 2 > body.length || at + 2 + u16be(body, at) !== body.length) continue
    for (let name = at + 2; name + 2 <= body.length;) {
      const end = Math.min(body.length, name + 2 + u16be(body, name))
      names.rewrite(body, name + 2, end)
      name = end
    }
    return
  }
  body.fill(0)
}

const FIXED = 34
const SERVER_NAME = 0
/** User name of SRP (RFC 5054 §2.8.1). */
const SRP = 12
const ENTRY_HEAD = 5

/** Replaces the name in the extension of the ClientHello (RFC 6066 §3), and a user name. */
function serverName(body: Uint8Array, names: CertificateNames): void {
  let at = FIXED
  at += 1 + (body[at] ?? 0)
  if (at + 2 > body.length) return
  at += 2 + u16be(body, at)
  at += 1 + (body[at] ?? 0) + 2
  while (at + 4 <= body.length) {
    const type = u16be(body, at)
    const start = at + 4
    const end = Math.min(body.length, start + u16be(body, at + 2))
    if (type === SERVER_NAME && end - start > ENTRY_HEAD) names.hostName(body, start + ENTRY_HEAD, end)
    else if (type === SRP) body.fill(0, start, end)
    at = end
  }
}
