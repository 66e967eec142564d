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
  /**
   * Bytes of records that a connection holds while its secret may still come, 0 where none can; asked when it begins.
   * All of them together count to `heldBudget`.
   */
  readonly maxHeldBytes: number
  readonly heldBudget: ByteBudget
  /** Connections so far, and those of which a record was decrypted. */
  readonly tally: { connections: number; decrypted: number }
}

const BUDGET_BYTES = 64 * 1024 * 1024
const HELD_BYTES = 256 * 1024
/** While there are no secrets, but there may be some later in the file: of a connection, and of all. */
const HOPED_BYTES = 96 * 1024
const HOPED_BUDGET_BYTES = 8 * 1024 * 1024
/** Some seconds of guessing. */
const EFFORT: Effort = { tries: 250_000, bytes: 128 * 1024 * 1024 }

export function tlsContext(secrets = new SecretStore(), crypto: TlsCrypto = portableCrypto): TlsContext {
  const budget = new ByteBudget(BUDGET_BYTES)
  return {
    secrets,
    sessions: new SessionCache(),
    crypto,
    budget,
    effort: { ...EFFORT },
    maxHeldBytes: HELD_BYTES,
    heldBudget: budget,
    tally: { connections: 0, decrypted: 0 },
  }
}

/** A context in which as much is held as the hope for secrets is worth: those at hand, or `mayCome` later. */
export function hopingContext(context: TlsContext, mayCome: () => boolean): TlsContext {
  const hoped = new ByteBudget(HOPED_BUDGET_BYTES)
  return {
    ...context,
    get maxHeldBytes() {
      if (!context.secrets.isEmpty) return context.maxHeldBytes
      return mayCome() ? HOPED_BYTES : 0
    },
    get heldBudget() {
      return context.secrets.isEmpty ? hoped : context.heldBudget
    },
  }
}
