/** Protection of records by the ciphers of TLS 1.0 to 1.3: what makes plaintext of a record, and proves it. */

import {
  type Aead,
  type Cbc,
  hashLength,
  type HashName,
  sameBytes,
  tagLength,
  type TlsCrypto,
} from '../crypto/crypto.js'
import { expandLabel, prf, type PrfHash } from '../crypto/key-derivation.js'
import type { Suite } from '../suites/suites.js'
import { TlsVersion } from '../record-layer.js'

export interface Plaintext {
  /** Content type. */
  type: number
  content: Uint8Array
  /** It has padding that need not be there (RFC 8446 §5.4). */
  padded: boolean
}

/** The keys of one direction. */
export interface Protection {
  /** Plaintext of a record with this sequence number; `null` unless its tag or MAC is right. */
  open(sequence: number, type: number, version: number, body: Uint8Array): Plaintext | null
  /** A record has passed, opened or not: before TLS 1.1 its last block is needed for the next one. `null`: lost. */
  passed(body: Uint8Array | null): void
  /** Bytes at the end of a record that tell how long its content is; `null` where all of it has to be decrypted. */
  readonly tail: number | null
  /** Length of the content of a record with a body of this length, without padding; `null` if it is not known. */
  contentLength(length: number, tail: Uint8Array): number | null
}

/** Bytes of nonces (RFC 5116), of their implicit part in TLS 1.2 with AES (RFC 5288 §3), and of the part in records. */
const NONCE = 12
const IMPLICIT = 4
const EXPLICIT = 8
const BLOCK = 16
/** Sequence number, type, version, length (RFC 5246 §6.2.3.3). */
const ADDITIONAL_DATA = 13

/** The keys that follow from a traffic secret of TLS 1.3 (RFC 8446 §7.3). */
export function tls13Protection(crypto: TlsCrypto, suite: Suite, secret: Uint8Array): Protection {
  const key = expandLabel(crypto, suite.prf, secret, 'key', suite.keyLength)
  const iv = expandLabel(crypto, suite.prf, secret, 'iv', NONCE)
  const cipher = suite.cipher as Exclude<Suite['cipher'], 'aes-cbc'>
  return new Tls13Protection(crypto.aead(cipher, key), iv, tagLength(cipher))
}

/** What a handshake up to TLS 1.2 agreed on. */
export interface Agreement {
  suite: Suite
  version: number
  encryptThenMac: boolean
  clientRandom: Uint8Array
  serverRandom: Uint8Array
}

/** The hash of the PRF that goes with a suite and version. */
export function prfHash(suite: Suite, version: number): PrfHash {
  return version >= TlsVersion.Tls12 ? suite.prf : 'md5-sha1'
}

/** The keys of both directions that follow from a master secret (RFC 5246 §6.3). */
export function tls12Protections(
  crypto: TlsCrypto,
  agreement: Agreement,
  master: Uint8Array,
): { client: Protection; server: Protection } {
  const { suite, version, clientRandom, serverRandom } = agreement
  const macLength = suite.mac === null ? 0 : hashLength(suite.mac)
  const ivLength = ivLengthOf(suite, version)
  const length = 2 * (macLength + suite.keyLength + ivLength)
  const block = prf(crypto, prfHash(suite, version), master, 'key expansion', [serverRandom, clientRandom], length)
  let at = 0
  const take = (bytes: number) => block.subarray(at, (at += bytes))
  // Client and server take turns.
  const macs = [take(macLength), take(macLength)] as const
  const keys = [take(suite.keyLength), take(suite.keyLength)] as const
  const ivs = [take(ivLength), take(ivLength)] as const
  const side = (index: 0 | 1): Protection =>
    suite.cipher === 'aes-cbc'
      ? new CbcProtection(crypto, suite.mac!, agreement, macs[index], keys[index], ivs[index])
      : new Tls12Protection(crypto.aead(suite.cipher, keys[index]), ivs[index], tagLength(suite.cipher))
  return { client: side(0), server: side(1) }
}

function ivLengthOf(suite: Suite, version: number): number {
  switch (suite.cipher) {
    case 'aes-cbc':
      return version >= TlsVersion.Tls11 ? 0 : BLOCK
    case 'chacha20-poly1305':
      return NONCE
    default:
      return IMPLICIT
  }
}

/** Of the record that is opened: its additional data (RFC 8446 §5.2). */
const header = new Uint8Array(5)

class Tls13Protection implements Protection {
  readonly tail = 0
  readonly #aead: Aead
  readonly #iv: Uint8Array
  readonly #tag: number

  constructor(aead: Aead, iv: Uint8Array, tag: number) {
    this.#aead = aead
    this.#iv = iv
    this.#tag = tag
  }

  contentLength(length: number): number | null {
    return lengthWithout(length, this.#tag + 1)
  }

  open(sequence: number, type: number, version: number, body: Uint8Array): Plaintext | null {
    const { length } = body
    header[0] = type
    header[1] = version >> 8
    header[2] = version
    header[3] = length >> 8
    header[4] = length
    const inner = this.#aead.open(nonceOf(this.#iv, sequence), header, body)
    if (!inner) return null
    // The content type is the last byte that is not padding (RFC 8446 §5.2, §5.4).
    let end = inner.length
    while (end > 0 && inner[end - 1] === 0) end--
    if (end === 0) return null
    return { type: inner[end - 1]!, content: inner.subarray(0, end - 1), padded: end < inner.length }
  }

  passed(): void {
    // Each record stands for itself.
  }
}

/** AEAD ciphers of TLS 1.2: RFC 5288 and 6655 with a part of the nonce in each record, RFC 7905 without. */
class Tls12Protection implements Protection {
  readonly tail = 0
  readonly #aead: Aead
  readonly #iv: Uint8Array
  readonly #tag: number

  constructor(aead: Aead, iv: Uint8Array, tag: number) {
    this.#aead = aead
    this.#iv = iv
    this.#tag = tag
  }

  get #explicit(): number {
    return this.#iv.length === IMPLICIT ? EXPLICIT : 0
  }

  contentLength(length: number): number | null {
    return lengthWithout(length, this.#explicit + this.#tag)
  }

  open(sequence: number, type: number, version: number, body: Uint8Array): Plaintext | null {
    const explicit = this.#explicit
    const length = body.length - explicit - this.#tag
    if (length < 0) return null
    let nonce: Uint8Array
    if (explicit > 0) {
      nonce = new Uint8Array(NONCE)
      nonce.set(this.#iv)
      nonce.set(body.subarray(0, explicit), IMPLICIT)
    } else nonce = nonceOf(this.#iv, sequence)
    const content = this.#aead.open(nonce, additionalData(sequence, type, version, length), body.subarray(explicit))
    return content && { type, content, padded: false }
  }

  passed(): void {
    // Each record stands for itself.
  }
}

/**
 * AES-CBC with HMAC (RFC 5246 §6.2.3.2, encrypt-then-MAC RFC 7366). Up to TLS 1.0 the initialization vector is the last
 * block of the record before, so that after a lost record the next one cannot be proven right.
 */
class CbcProtection implements Protection {
  readonly #crypto: TlsCrypto
  readonly #cbc: Cbc
  readonly #mac: HashName
  readonly #macLength: number
  readonly #macKey: Uint8Array
  readonly #macFirst: boolean
  readonly #explicit: boolean
  #iv: Uint8Array | null
  /** Still the vector that came with the key, which is that of the first record and of no other. */
  #ivIsFirst = true
  /** The record whose MAC was found right last, although its vector may be unknown (encrypt-then-MAC). */
  #right: Uint8Array | null = null

  constructor(
    crypto: TlsCrypto,
    mac: HashName,
    { version, encryptThenMac }: Agreement,
    macKey: Uint8Array,
    key: Uint8Array,
    iv: Uint8Array,
  ) {
    this.#crypto = crypto
    this.#cbc = crypto.cbc(key)
    this.#mac = mac
    this.#macLength = hashLength(mac)
    this.#macKey = macKey
    this.#macFirst = !encryptThenMac
    this.#explicit = version >= TlsVersion.Tls11
    this.#iv = this.#explicit ? null : iv
  }

  open(sequence: number, type: number, version: number, body: Uint8Array): Plaintext | null {
    let sealed = body
    if (!this.#macFirst) {
      const end = body.length - this.#macLength
      if (end < 0) return null
      sealed = body.subarray(0, end)
      if (!this.#isRight(additionalData(sequence, type, version, end), sealed, body.subarray(end))) return null
      this.#right = body
    }
    // With encrypt-then-MAC nothing else would tell that the vector is another record's.
    if (!this.#explicit && this.#ivIsFirst && sequence !== 0) return null
    const iv = this.#explicit ? sealed.subarray(0, BLOCK) : this.#iv
    const blocks = this.#explicit ? sealed.subarray(BLOCK) : sealed
    if (iv?.length !== BLOCK || blocks.length === 0 || blocks.length % BLOCK !== 0) return null
    const clear = this.#cbc.decrypt(iv, blocks)
    const padding = clear[clear.length - 1]!
    const padded = clear.length - 1 - padding
    const end = this.#macFirst ? padded - this.#macLength : padded
    if (end < 0) return null
    for (let at = padded; at < clear.length; at++) if (clear[at] !== padding) return null
    const content = clear.subarray(0, end)
    if (
      this.#macFirst &&
      !this.#isRight(additionalData(sequence, type, version, end), content, clear.subarray(end, padded))
    )
      return null
    return { type, content, padded: false }
  }

  passed(body: Uint8Array | null): void {
    if (this.#explicit) return
    this.#ivIsFirst = false
    // With encrypt-then-MAC nothing else would tell that the record before was damaged.
    const chained = body !== null && (this.#macFirst || body === this.#right)
    const end = chained ? body.length - (this.#macFirst ? 0 : this.#macLength) : 0
    this.#iv = chained && end >= BLOCK ? body.slice(end - BLOCK, end) : null
    this.#right = null
  }

  get tail(): number | null {
    // The vector of the next record is taken from this one only after its MAC was found right.
    return !this.#macFirst && !this.#explicit ? null : 2 * BLOCK + this.#macLength
  }

  contentLength(length: number, tail: Uint8Array): number | null {
    const end = tail.length - (this.#macFirst ? 0 : this.#macLength)
    if (end < 2 * BLOCK) return null
    const [before, last] = [tail.slice(end - 2 * BLOCK, end - BLOCK), tail.slice(end - BLOCK, end)]
    const padding = this.#cbc.decrypt(before, last)[BLOCK - 1]!
    return lengthWithout(length, (this.#explicit ? BLOCK : 0) + this.#macLength + padding + 1)
  }

  #isRight(header: Uint8Array, content: Uint8Array, mac: Uint8Array): boolean {
    return sameBytes(this.#crypto.hmac(this.#mac, this.#macKey, [header, content]), mac)
  }
}

function lengthWithout(length: number, added: number): number | null {
  return length >= added ? length - added : null
}

function additionalData(sequence: number, type: number, version: number, length: number): Uint8Array {
  const data = new Uint8Array(ADDITIONAL_DATA)
  let left = sequence
  for (let at = 7; left > 0; at--) {
    data[at] = left
    left = Math.floor(left / 256)
  }
  data[8] = type
  data[9] = version >> 8
  data[10] = version
  data[11] = length >> 8
  data[12] = length
  return data
}

/** The initialization vector, exclusive or the sequence number on its right (RFC 8446 §5.3, RFC 7905 §2). */
function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = iv.slice()
  let left = sequence
  for (let at = NONCE - 1; left > 0; at--) {
    nonce[at]! ^= left & 0xff
    left = Math.floor(left / 256)
  }
  return nonce
}
