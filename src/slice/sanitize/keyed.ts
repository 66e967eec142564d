import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeUtf8 } from '../../bytes/utf8.js'

const DIGEST = 32
const DRAW = 2
/** Draws per digest. */
const DRAWS = DIGEST / DRAW

/** Pseudorandom values that depend on a key: HMAC-SHA-256 (RFC 2104), with a label for each use. */
export class Keyed {
  readonly #key: Uint8Array

  /** @param key secret bytes of any length */
  constructor(key: Uint8Array) {
    this.#key = sha256(key)
  }

  /** 32 bytes for this input. */
  digest(label: string, input: Uint8Array, counter = 0): Uint8Array {
    const head = encodeUtf8(`${label}\0${counter}\0`)
    const message = new Uint8Array(head.length + input.length)
    message.set(head)
    message.set(input, head.length)
    return hmac(sha256, this.#key, message)
  }

  /** So many bytes for this input. */
  bytes(label: string, input: Uint8Array, length: number): Uint8Array {
    const all = new Uint8Array(length)
    for (let at = 0; at < length; at += DIGEST)
      all.set(this.digest(label, input, at / DIGEST).subarray(0, length - at), at)
    return all
  }

  /** The members in an order that depends on key, label and input (Fisher and Yates). */
  shuffled(label: string, input: Uint8Array, members: readonly number[]): number[] {
    const order = [...members]
    let digest: Uint8Array = new Uint8Array(0)
    for (let left = order.length, drawn = 0; left > 1; left--, drawn++) {
      if (drawn % DRAWS === 0) digest = this.digest(label, input, drawn / DRAWS)
      const at = DRAW * (drawn % DRAWS)
      const chosen = ((digest[at]! << 8) | digest[at + 1]!) % left
      ;[order[left - 1], order[chosen]] = [order[chosen]!, order[left - 1]!]
    }
    return order
  }
}
