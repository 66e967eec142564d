export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384'
export type AeadName = 'aes-gcm' | 'aes-ccm' | 'aes-ccm-8' | 'chacha20-poly1305'

/** An authenticated cipher with its key (RFC 5116). */
export interface Aead {
  /** The plaintext of `sealed`, ciphertext and tag; `null` if the tag is not right. Nonces have 12 bytes. */
  open(nonce: Uint8Array, additionalData: Uint8Array, sealed: Uint8Array): Uint8Array | null
}

/** AES-CBC with its key. */
export interface Cbc {
  /** Decrypts whole blocks, without looking at any padding. */
  decrypt(iv: Uint8Array, blocks: Uint8Array): Uint8Array
}

/**
 * The ciphers and MACs of records, by which the speed of decryption is decided; replaceable, as by those of Node. All
 * is synchronous: bytes are pushed through the stages, and a reply must be read before the packet that follows it.
 */
export interface TlsCrypto {
  aead(name: AeadName, key: Uint8Array): Aead
  cbc(key: Uint8Array): Cbc
  hmac(hash: HashName, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array
}

/** Bytes of an authentication tag (RFC 5116 §5, RFC 6655 §6.1). */
export function tagLength(name: AeadName): number {
  return name === 'aes-ccm-8' ? 8 : 16
}

/** Bytes of a hash. */
export function hashLength(name: HashName): number {
  switch (name) {
    case 'md5':
      return 16
    case 'sha1':
      return 20
    case 'sha256':
      return 32
    case 'sha384':
      return 48
  }
}

/** Whether both are the same. Nobody waits for the answer but the reader of a capture, so time tells nothing. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
