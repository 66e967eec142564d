import { ByteBudget } from './connection/byte-budget.js'
import type { Effort } from './connection/opener.js'
import type { TlsCrypto } from './crypto/crypto.js'
import { portableCrypto } from './crypto/portable.js'
import { SecretStore } from './keys/secret-store.js'
import { SessionCache } from './keys/session-cache.js'

/** What all decoders share. */
export interface TlsContext {
  readonly secrets: SecretStore
  readonly sessions: SessionCache
  readonly crypto: TlsCrypto
  /** Bytes that all connections together may hold: incomplete records and messages, records that wait for a secret. */
  readonly budget: ByteBudget
  /** What all connections together may spend in vain, on guesses at keys and sequence numbers. */
  readonly effort: Effort
  /** Bytes of records that a connection holds while its secret may still come; 0 where none can. */
  readonly maxHeldBytes: number
  /** Connections so far, and those of which a record was decrypted. */
  readonly tally: { connections: number; decrypted: number }
}

const BUDGET_BYTES = 64 * 1024 * 1024
const HELD_BYTES = 256 * 1024
/** Some seconds of guessing. */
const EFFORT: Effort = { tries: 250_000, bytes: 128 * 1024 * 1024 }

export function tlsContext(secrets = new SecretStore(), crypto: TlsCrypto = portableCrypto): TlsContext {
  return {
    secrets,
    sessions: new SessionCache(),
    crypto,
    budget: new ByteBudget(BUDGET_BYTES),
    effort: { ...EFFORT },
    maxHeldBytes: HELD_BYTES,
    tally: { connections: 0, decrypted: 0 },
  }
}
