import type { TlsCrypto } from '../crypto/crypto.js'
import type { ConnectionSecrets } from '../keys/secret-store.js'
import type { Suite } from '../suites/suites.js'
import { expandLabel } from '../crypto/key-derivation.js'
import { type Protection, tls13Protection } from './protection.js'

export type Role = 'client' | 'server'

/** Records of one direction under the same keys, numbered from 0. */
export interface Epoch {
  readonly name: 'handshake' | 'application'
  /** `null` if its secret is not known: its records pass unread. */
  readonly protection: Protection | null
  /** The keys after these, as far as they follow without another message; `null` if none do. */
  next(): Epoch | null
  /** These keys have opened a record. */
  confirmed(): void
}

/** How TLS 1.3 goes on in one direction: handshake keys, then those for application data, renewed by each KeyUpdate. */
export class Tls13Epochs {
  readonly #crypto: TlsCrypto
  readonly #suite: Suite
  readonly #secrets: ConnectionSecrets
  readonly #traffic: ReadonlyMap<number, Uint8Array>
  readonly #handshake: Uint8Array | null
  readonly #confirmed: () => void

  constructor(crypto: TlsCrypto, suite: Suite, secrets: ConnectionSecrets, role: Role, confirmed: () => void) {
    this.#crypto = crypto
    this.#suite = suite
    this.#secrets = secrets
    this.#traffic = role === 'client' ? secrets.clientTraffic : secrets.serverTraffic
    this.#handshake = role === 'client' ? secrets.clientHandshake : secrets.serverHandshake
    this.#confirmed = confirmed
  }

  /** Whether there is any secret for this direction. */
  get any(): boolean {
    return this.#handshake !== null || this.#traffic.size > 0
  }

  handshake(): Epoch {
    const traffic = () => this.traffic()
    return this.#epoch('handshake', this.#handshake, traffic)
  }

  /** The first keys for application data; `null` without their secret. */
  traffic(): Epoch | null {
    let first = Infinity
    for (const generation of this.#traffic.keys()) first = Math.min(first, generation)
    return first === Infinity ? null : this.#generation(first, this.#traffic.get(first)!)
  }

  /** All keys for application data whose secrets are known, for a connection that may have had a KeyUpdate before. */
  generations(): Epoch[] {
    const known = [...this.#traffic].sort(([a], [b]) => a - b)
    return known.map(([generation, secret]) => this.#generation(generation, secret))
  }

  #generation(generation: number, secret: Uint8Array): Epoch {
    // RFC 8446 §7.2; the key log may say so itself.
    const next = () =>
      this.#generation(
        generation + 1,
        this.#traffic.get(generation + 1) ??
          expandLabel(this.#crypto, this.#suite.prf, secret, 'traffic upd', secret.length),
      )
    return this.#epoch('application', secret, next)
  }

  #epoch(name: Epoch['name'], secret: Uint8Array | null, following: () => Epoch | null): Epoch {
    let next: Epoch | null | undefined
    // A secret of the wrong length is of a suite with another hash.
    const fits = secret !== null && secret.length === (this.#suite.prf === 'sha384' ? 48 : 32)
    return {
      name,
      protection: fits ? tls13Protection(this.#crypto, this.#suite, secret) : null,
      next: () => (next === undefined ? (next = following()) : next),
      confirmed: () => {
        this.#secrets.used = true
        this.#confirmed()
      },
    }
  }
}
