import type * as Crypto from 'node:crypto'
import { type AeadName, type HashName, tagLength, type TlsCrypto } from '../../tls/crypto/crypto.js'
import { portableCrypto } from '../../tls/crypto/portable.js'

/** Loaded when it is needed: most captures have no keys. */
const load = (): typeof Crypto => (loaded ??= process.getBuiltinModule('node:crypto'))
let loaded: typeof Crypto | null = null

/** The ciphers of Node's OpenSSL: many times as fast as the portable ones, with the same results. */
export const nodeCrypto: TlsCrypto = {
  aead(name, key) {
    const algorithm = cipherName(name, key.length)
    const tagBytes = tagLength(name)
    const options = { authTagLength: tagBytes }
    const isCcm = name === 'aes-ccm' || name === 'aes-ccm-8'
    return {
      open(nonce, additionalData, sealed) {
        const length = sealed.length - tagBytes
        if (length < 0) return null
        // OpenSSL verifies CCM while it decrypts, so never without text.
        if (isCcm && length === 0) return portableCrypto.aead(name, key).open(nonce, additionalData, sealed)
        // The types know each mode by its name only; all of them have the same methods.
        const decipher = load().createDecipheriv(algorithm as 'aes-128-gcm', key, nonce, options)
        decipher.setAuthTag(sealed.subarray(length))
        decipher.setAAD(additionalData, isCcm ? { plaintextLength: length } : undefined)
        try {
          const text = decipher.update(sealed.subarray(0, length))
          decipher.final()
          return viewOf(text)
        } catch {
          // It throws for the tag.
          return null
        }
      },
    }
  },
  cbc(key) {
    return {
      decrypt(iv, blocks) {
        return viewOf(
          load()
            .createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv)
            .setAutoPadding(false)
            .update(blocks),
        )
      },
    }
  },
  hmac(hash, key, parts) {
    let length = 0
    for (const part of parts) length += part.length
    if (length <= SHORT && key.length <= blockLength(hash)) return shortHmac(hash, key, parts, length)
    const mac = load().createHmac(hash, key)
    for (const part of parts) mac.update(part)
    return viewOf(mac.digest())
  },
}

/** For messages as short as those of which keys are derived, an object for their HMAC costs more than the hashes. */
const SHORT = 512
const LONGEST_BLOCK = 128
const LONGEST_HASH = 64
const INNER = 0x36
const OUTER = 0x5c

/** The padded key of the last HMAC, for both of its hashes, and room for what follows it. */
const inner = new Uint8Array(LONGEST_BLOCK + SHORT)
const outer = new Uint8Array(LONGEST_BLOCK + LONGEST_HASH)
let paddedTo = 0

/** HMAC (RFC 2104 §2), with a key no longer than a block. Keys are derived in turn: the next one is often the same. */
function shortHmac(name: HashName, key: Uint8Array, parts: readonly Uint8Array[], length: number): Uint8Array {
  const block = blockLength(name)
  if (!isPadded(key, block)) pad(key, block)
  let at = block
  for (const part of parts) {
    inner.set(part, at)
    at += part.length
  }
  const { hash } = load()
  const hashed = hash(name, inner.subarray(0, block + length), 'buffer')
  outer.set(hashed, block)
  return viewOf(hash(name, outer.subarray(0, block + hashed.length), 'buffer'))
}

function isPadded(key: Uint8Array, block: number): boolean {
  if (paddedTo !== block) return false
  for (let at = 0; at < key.length; at++) if ((inner[at]! ^ key[at]!) !== INNER) return false
  for (let at = key.length; at < block; at++) if (inner[at] !== INNER) return false
  return true
}

function pad(key: Uint8Array, block: number): void {
  inner.fill(INNER, 0, block)
  outer.fill(OUTER, 0, block)
  for (let at = 0; at < key.length; at++) {
    inner[at]! ^= key[at]!
    outer[at]! ^= key[at]!
  }
  paddedTo = block
}

/** Bytes that a hash takes at a time. */
function blockLength(name: HashName): number {
  return name === 'sha384' ? 128 : 64
}

function cipherName(name: AeadName, keyLength: number): string {
  switch (name) {
    case 'aes-gcm':
      return `aes-${keyLength * 8}-gcm`
    case 'aes-ccm':
    case 'aes-ccm-8':
      return `aes-${keyLength * 8}-ccm`
    case 'chacha20-poly1305':
      return name
  }
}

/** A plain array of bytes, whose methods are not those of Node's buffers. */
function viewOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
