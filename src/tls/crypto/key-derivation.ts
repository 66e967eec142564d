/** Key derivation: the PRF up to TLS 1.2 (RFC 2246 §5, RFC 5246 §5), HKDF-Expand-Label of TLS 1.3 (RFC 8446 §7.1). */

import { expand } from '@noble/hashes/hkdf.js'
import type { HashName } from './crypto.js'
import { HASHES, portableHmac } from './portable.js'

/** The hash of the PRF before TLS 1.2, which mixes two. */
export type PrfHash = 'sha256' | 'sha384' | 'md5-sha1'

/** The bytes of an ASCII text. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** `length` bytes of PRF(secret, label, seed), where the seed is that of all `seeds` together. */
export function prf(
  hash: PrfHash,
  secret: Uint8Array,
  label: string,
  seeds: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const seed = joined([ascii(label), ...seeds])
  if (hash !== 'md5-sha1') return expanded(hash, secret, seed, length)
  // Each half of the secret has its hash; a byte in the middle belongs to both.
  const half = Math.ceil(secret.length / 2)
  const md5 = expanded('md5', secret.subarray(0, half), seed, length)
  const sha1 = expanded('sha1', secret.subarray(secret.length - half), seed, length)
  return md5.map((byte, index) => byte ^ sha1[index]!)
}

/** P_hash (RFC 5246 §5). */
function expanded(hash: HashName, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length)
  let a = seed
  for (let at = 0; at < length;) {
    a = portableHmac(hash, secret, [a])
    const block = portableHmac(hash, secret, [a, seed])
    result.set(block.subarray(0, length - at), at)
    at += block.length
  }
  return result
}

/** HKDF-Expand-Label(secret, label, "", length). */
export function expandLabel(hash: 'sha256' | 'sha384', secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = ascii(`tls13 ${label}`)
  const info = joined([Uint8Array.of(length >> 8, length, name.length), name, Uint8Array.of(0)])
  return expand(HASHES[hash], secret, info, length)
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
