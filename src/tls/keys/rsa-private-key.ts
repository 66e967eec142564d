/** RSA private keys in PEM (RFC 7468): PKCS #8 (RFC 5958) and PKCS #1 (RFC 8017 §A.1.2), and decryption with them. */

import { base64 } from '@scure/base'
import { hexOf } from '../hex.js'

export interface RsaPrivateKey {
  readonly modulus: bigint
  /** Bytes of the modulus, and of what it encrypts. */
  readonly length: number
  readonly p: bigint
  readonly q: bigint
  /** Exponents modulo p-1 and q-1, and the inverse of q modulo p (RFC 8017 §3.2). */
  readonly dp: bigint
  readonly dq: bigint
  readonly qInverse: bigint
}

/** The private keys of a PEM file, and for each block that is none, what it is. */
export interface PrivateKeyFile {
  keys: RsaPrivateKey[]
  /** Clauses, such as "block 2 is an EC key, which decrypts nothing: only RSA key exchange sends a secret". */
  problems: string[]
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g
const MAX_BLOCKS = 64
const MAX_BYTES = 16 * 1024
/** Of RSA keys in use, with room: what is longer would cost seconds. */
const MAX_MODULUS = 2048

const Tag = { Integer: 0x02, OctetString: 0x04, ObjectIdentifier: 0x06, Sequence: 0x30 } as const
/** rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 §A.1). */
const RSA_ENCRYPTION = '2a864886f70d010101'

/** Reads all keys of a PEM text; nothing in the result but the keys themselves is secret. */
export function readPrivateKeys(pem: string): PrivateKeyFile {
  const file: PrivateKeyFile = { keys: [], problems: [] }
  let number = 0
  for (const { 0: line, 1: label = '', index } of pem.matchAll(BEGIN)) {
    if (++number > MAX_BLOCKS) {
      file.problems.push(`only its first ${MAX_BLOCKS} blocks were read`)
      break
    }
    // Certificates and parameters often stand beside the key.
    if (!label.endsWith('PRIVATE KEY')) continue
    const end = pem.indexOf(`-----END ${label}-----`, index)
    const key = end < 0 ? 'has no end' : readBlock(label, pem.slice(index + line.length, end))
    if (typeof key === 'string') file.problems.push(`block ${number} ${key}`)
    else file.keys.push(key)
  }
  if (file.keys.length === 0 && file.problems.length === 0) file.problems.push('it has no PEM block with a private key')
  return file
}

function readBlock(label: string, body: string): RsaPrivateKey | string {
  if (label === 'ENCRYPTED PRIVATE KEY' || body.includes('ENCRYPTED'))
    return 'is encrypted with a passphrase: decrypt it first (openssl pkey)'
  if (label !== 'PRIVATE KEY' && label !== 'RSA PRIVATE KEY')
    return `is an ${label.replace(' PRIVATE KEY', '')} key, which decrypts nothing: only RSA key exchange sends a secret`
  let der: Uint8Array
  try {
    der = base64.decode(body.replace(/\s+/g, ''))
  } catch {
    return 'is not base64'
  }
  if (der.length > MAX_BYTES) return `has ${der.length} bytes, limit ${MAX_BYTES}`
  if (label === 'RSA PRIVATE KEY') return readPkcs1(der)
  const info = children(der)
  const algorithm = info?.[1]?.tag === Tag.Sequence ? elements(info[1].content) : null
  const octets = info?.[2]
  if (!algorithm || octets?.tag !== Tag.OctetString) return 'is not a PKCS #8 private key'
  if (algorithm[0]?.tag !== Tag.ObjectIdentifier || hexOf(algorithm[0].content) !== RSA_ENCRYPTION)
    return 'is no RSA key: it decrypts nothing, since only RSA key exchange sends a secret'
  return readPkcs1(octets.content)
}

/** RSAPrivateKey: version, n, e, d, p, q, dP, dQ, qInv. */
function readPkcs1(der: Uint8Array): RsaPrivateKey | string {
  const integers = children(der)
  if (!integers || integers.length < 9 || integers.slice(0, 9).some(({ tag }) => tag !== Tag.Integer))
    return 'is not a PKCS #1 private key'
  const [, modulus, , , p, q, dp, dq, qInverse] = integers.map(({ content }) => numberOf(content))
  const length = Math.ceil(modulus!.toString(16).length / 2)
  if (length > MAX_MODULUS) return `has a modulus of ${length} bytes, limit ${MAX_MODULUS}`
  if (p! < 2n || q! < 2n || p! * q! !== modulus) return 'is damaged: its primes do not give its modulus'
  return { modulus, length, p: p!, q: q!, dp: dp!, dq: dq!, qInverse: qInverse! }
}

interface Element {
  tag: number
  content: Uint8Array
}

/** The elements of a SEQUENCE in DER; `null` if it is none. */
function children(der: Uint8Array): Element[] | null {
  const outer = elements(der)
  return outer?.[0]?.tag === Tag.Sequence ? elements(outer[0].content) : null
}

/** Elements that follow each other (X.690 §8.1); `null` if one is cut off. */
function elements(der: Uint8Array): Element[] | null {
  const found: Element[] = []
  for (let at = 0; at < der.length;) {
    if (at + 2 > der.length) return null
    const tag = der[at]!
    let length = der[at + 1]!
    at += 2
    if (length >= 0x80) {
      const bytes = length - 0x80
      if (bytes < 1 || bytes > 3 || at + bytes > der.length) return null
      length = 0
      for (let index = 0; index < bytes; index++) length = length * 256 + der[at++]!
    }
    if (at + length > der.length) return null
    found.push({ tag, content: der.subarray(at, at + length) })
    at += length
  }
  return found
}

/**
 * The message of an encrypted premaster secret, without its padding (RFC 8017 §7.2.2); `null` if this is not the key.
 */
export function rsaDecrypt(key: RsaPrivateKey, encrypted: Uint8Array): Uint8Array | null {
  if (encrypted.length !== key.length) return null
  const cipher = numberOf(encrypted)
  if (cipher >= key.modulus) return null
  const m1 = power(cipher % key.p, key.dp, key.p)
  const m2 = power(cipher % key.q, key.dq, key.q)
  const h = ((((m1 - m2) * key.qInverse) % key.p) + key.p) % key.p
  const padded = bytesOf(m2 + h * key.q, key.length)
  // 0, 2, at least eight bytes other than 0, 0, message.
  if (padded[0] !== 0 || padded[1] !== 2) return null
  const end = padded.indexOf(0, 2)
  return end < 10 ? null : padded.slice(end + 1)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hexOf(bytes)}`)
}

function bytesOf(value: bigint, length: number): Uint8Array {
  const digits = value.toString(16).padStart(2 * length, '0')
  return Uint8Array.from({ length }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16))
}
