import { cbc, ctr } from '@noble/ciphers/aes.js'
import { type Aead, sameBytes } from './crypto.js'

const BLOCK = 16
const ADDITIONAL_DATA = 0x40
const NO_IV = new Uint8Array(BLOCK)

/**
 * AES-CCM (RFC 3610), made of AES-CTR and CBC-MAC. Nonces have 12 bytes in TLS, so that the length of a message has 3
 * (RFC 6655 §3); those of 11 and 13 bytes work as well.
 */
export function aesCcm(key: Uint8Array, tagBytes: number): Aead {
  return {
    open(nonce, additionalData, sealed) {
      const length = sealed.length - tagBytes
      if (length < 0) return null
      // The counter block 0 encrypts the tag, those from 1 on the message (§2.3).
      const text = new Uint8Array(BLOCK + length)
      text.set(sealed.subarray(length))
      text.set(sealed.subarray(0, length), BLOCK)
      const counter = new Uint8Array(BLOCK)
      counter[0] = BLOCK - 2 - nonce.length
      counter.set(nonce, 1)
      const clear = ctr(key, counter).decrypt(text)
      const message = clear.subarray(BLOCK)
      const tag = cbcMac(key, nonce, additionalData, message, tagBytes)
      return sameBytes(tag, clear.subarray(0, tagBytes)) ? message : null
    },
  }
}

/** Authenticates as §2.2 says: block B_0, the additional data after its length, the message, each padded with zeros. */
function cbcMac(
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  message: Uint8Array,
  tagBytes: number,
): Uint8Array {
  const additional = additionalData.length > 0 ? roundUp(2 + additionalData.length) : 0
  const blocks = new Uint8Array(BLOCK + additional + roundUp(message.length))
  blocks[0] = (additional > 0 ? ADDITIONAL_DATA : 0) | (((tagBytes - 2) / 2) << 3) | (BLOCK - 2 - nonce.length)
  if (nonce.length < BLOCK - 3) blocks[BLOCK - 3] = message.length >> 16
  blocks.set(nonce, 1)
  blocks[BLOCK - 2] = message.length >> 8
  blocks[BLOCK - 1] = message.length
  if (additional > 0) {
    blocks[BLOCK] = additionalData.length >> 8
    blocks[BLOCK + 1] = additionalData.length
    blocks.set(additionalData, BLOCK + 2)
  }
  blocks.set(message, BLOCK + additional)
  const encrypted = cbc(key, NO_IV, { disablePadding: true }).encrypt(blocks)
  return encrypted.subarray(encrypted.length - BLOCK, encrypted.length - BLOCK + tagBytes)
}

function roundUp(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK
}
