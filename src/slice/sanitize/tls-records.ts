import { u16be } from '../../bytes/read.js'
import { ContentType, HANDSHAKE_HEADER, HandshakeType, MAX_RECORD, RECORD_HEADER } from '../../tls/record-layer.js'
import { readServerHelloDetails } from '../../tls/hello-details.js'
import { suiteName } from '../../tls/suites/suite-names.js'
import type { CertificateNames } from './certificate-names.js'

/** TLS_SHA256_SHA256 and TLS_SHA384_SHA384 (RFC 9150). */
const INTEGRITY_ONLY: ReadonlySet<number> = new Set([0xc0b4, 0xc0b5])
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
  /** Else the content of records is replaced as well. */
  isEncrypted: boolean
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
    if (type === ContentType.ApplicationData && !rewriting.isEncrypted) image.fill(0, RECORD_HEADER)
    images.push({ at: start, bytes: image })
  }
  handshake.end()
  return images
}

/** Whether a ServerHello in these bytes chooses a suite that encrypts nothing (RFC 5246 §A.5, RFC 9150). */
export function hasNullCipher(bytes: Uint8Array): boolean {
  return recordsIn(bytes).some(({ type, start, end }) => {
    const body = bytes.subarray(start + RECORD_HEADER, end)
    if (type !== ContentType.Handshake || body[0] !== HandshakeType.ServerHello) return false
    const suite = readServerHelloDetails(body.subarray(HANDSHAKE_HEADER))?.suite
    return suite !== undefined && (suiteName(suite).includes('_NULL_') || INTEGRITY_ONLY.has(suite))
  })
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
      case HandshakeType.Finished:
        return
      case HandshakeType.ClientKeyExchange:
        identity(body, 0, body.length, names)
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
/** User name of SRP (RFC 5054 §2.8.1), trusted authorities (RFC 6066 §6, RFC 8446 §4.2.4). */
const NAMING: ReadonlySet<number> = new Set([12, 3, 47])
const PRE_SHARED_KEY = 41
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
    else if (type === PRE_SHARED_KEY) identities(body, start, end, names)
    else if (NAMING.has(type)) body.fill(0, start, end)
    at = end
  }
}

const AGE = 4

/** Those of keys that both sides were given are names; those of tickets are none (RFC 8446 §4.2.11). */
function identities(body: Uint8Array, from: number, to: number, names: CertificateNames): void {
  const end = Math.min(to, from + 2 + (from + 2 <= to ? u16be(body, from) : 0))
  for (let at = from + 2; at + 2 <= end;) at = identity(body, at, end, names) + AGE
}

/** The identity of a key, if it is text (RFC 4279 §5.1). Returns where it ends. */
function identity(body: Uint8Array, at: number, to: number, names: CertificateNames): number {
  const end = at + 2 + (at + 2 <= to ? u16be(body, at) : 0)
  const text = body.subarray(at + 2, Math.min(end, to))
  if (text.every((byte) => byte >= 0x20 && byte < 0x7f)) names.hostName(body, at + 2, Math.min(end, to))
  return end
}
