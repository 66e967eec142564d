import { cbc, gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hmac } from '@noble/hashes/hmac.js'
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { aesCcm } from './ccm.js'
import { type Aead, type AeadName, type HashName, tagLength, type TlsCrypto } from './crypto.js'

export const HASHES = { md5, sha1, sha256, sha384 } as const

/** Ciphers that run anywhere. */
export const portableCrypto: TlsCrypto = {
  aead: portableAead,
  cbc(key) {
    return { decrypt: (iv, blocks) => cbc(key, iv, { disablePadding: true }).decrypt(blocks) }
  },
  hmac: portableHmac,
}

function portableAead(name: AeadName, key: Uint8Array): Aead {
  if (name === 'aes-ccm' || name === 'aes-ccm-8') return aesCcm(key, tagLength(name))
  const cipher = name === 'aes-gcm' ? gcm : chacha20poly1305
  return {
    open(nonce, additionalData, sealed) {
      if (sealed.length < tagLength(name)) return null
      try {
        return cipher(key, nonce, additionalData).decrypt(sealed)
      } catch {
        // Keys and nonces have the right lengths: what it throws for is the tag.
        return null
      }
    },
  }
}

export function portableHmac(hash: HashName, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const mac = hmac.create(HASHES[hash], key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}
