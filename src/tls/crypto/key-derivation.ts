/** Key derivation: the PRF up to TLS 1.2 (RFC 2246 §5, RFC 5246 §5), HKDF-Expand-Label of TLS 1.3 (RFC 8446 §7.1). */

import type { HashName, TlsCrypto } from './crypto.js'
import { HASHES } from './portable.js'

/** What keys are derived with. */
type Hmac = Pick<TlsCrypto, 'hmac'>

/** The hash of the PRF before TLS 1.2, which mixes two. */
export type PrfHash = 'sha256' | 'sha384' | 'md5-sha1'

/** The bytes of an ASCII text. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** `length` bytes of PRF(secret, label, seed), where the seed is that of all `seeds` together. */
export function prf(
  crypto: Hmac,
  hash: PrfHash,
  secret: Uint8Array,
  label: string,
  seeds: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const seed = joined([ascii(label), ...seeds])
  if (hash !== 'md5-sha1') return expanded(crypto, hash, secret, seed, length)
  // Each half of the secret has its hash; a byte in the middle belongs to both.
  const half = Math.ceil(secret.length / 2)
  const md5 = expanded(crypto, 'md5', secret.subarray(0, half), seed, length)
  const sha1 = expanded(crypto, 'sha1', secret.subarray(secret.length - half), seed, length)
  return md5.map((byte, index) => byte ^ sha1[index]!)
}

/** P_hash (RFC 5246 §5). */
function expanded(crypto: Hmac, hash: HashName, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length)
  let a = seed
  for (let at = 0; at < length;) {
    a = crypto.hmac(hash, secret, [a])
    const block = crypto.hmac(hash, secret, [a, seed])
    result.set(block.subarray(0, length - at), at)
    at += block.length
  }
  return result
}

const FIRST_BLOCK = 1

/** Labels of TLS 1.3 as they stand in HkdfLabel (RFC 8446 §7.1). */
const LABELS = { key: ascii('tls13 key'), iv: ascii('tls13 iv'), 'traffic upd': ascii('tls13 traffic upd') } as const

/** HKDF-Expand-Label(secret, label, "", length), for no more than a hash has: one step of HKDF (RFC 5869 §2.3). */
export function expandLabel(
  crypto: Hmac,
  hash: 'sha256' | 'sha384',
  secret: Uint8Array,
  label: keyof typeof LABELS,
  length: number,
): Uint8Array {
  const name = LABELS[label]
  // Length, label, an empty context, and the number of the block.
  const info = new Uint8Array(name.length + 5)
  info[0] = length >> 8
  info[1] = length
  info[2] = name.length
  info.set(name, 3)
  info[name.length + 4] = FIRST_BLOCK
  return crypto.hmac(hash, secret, [info]).subarray(0, length)
}

/** The hash of the handshake messages in an extended master secret (RFC 7627 §3), of the length of the PRF's hash. */
export function sessionHash(hash: PrfHash, messages: Uint8Array): Uint8Array {
  if (hash !== 'md5-sha1') return HASHES[hash](messages)
  return joined([HASHES.md5(messages), HASHES.sha1(messages)])
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
