import { sha256 } from '@noble/hashes/sha2.js'
import { hexOf } from '../hex.js'
import type { SecretStore } from './secret-store.js'

/**
 * Where the master secret of a session comes from: the client random under which the key log has it (perhaps only
 * later), or the secret itself, decrypted with a private key.
 */
export type SessionOrigin = { readonly clientRandom: Uint8Array } | { readonly master: Uint8Array }

const MAX_SESSIONS = 65_536

/**
 * Sessions up to TLS 1.2 that a later connection may resume, by session id or ticket. GnuTLS (lftp) writes no key log
 * line for such a connection: its master secret is that of the first one (RFC 5246 §F.1.4). Shared by all connections.
 */
export class SessionCache {
  readonly #origins = new Map<string, SessionOrigin>()
  /** Session ids that a server issued in a full handshake. */
  readonly #issued = new Set<string>()
  readonly #maxSessions: number

  constructor(maxSessions = MAX_SESSIONS) {
    this.#maxSessions = maxSessions
  }

  /** `issued`: by the server, in a full handshake; with a ticket the client makes the id up (RFC 5077 §3.4). */
  rememberId(sessionId: Uint8Array, origin: SessionOrigin, issued: boolean): void {
    if (sessionId.length === 0) return
    const key = `id ${hexOf(sessionId)}`
    this.#remember(key, origin)
    if (issued) this.#issued.add(key)
  }

  wasIssued(sessionId: Uint8Array): boolean {
    return this.#issued.has(`id ${hexOf(sessionId)}`)
  }

  rememberTicket(ticket: Uint8Array, origin: SessionOrigin): void {
    if (ticket.length > 0) this.#remember(ticketKey(ticket), origin)
  }

  byId(sessionId: Uint8Array): SessionOrigin | null {
    return sessionId.length > 0 ? (this.#origins.get(`id ${hexOf(sessionId)}`) ?? null) : null
  }

  byTicket(ticket: Uint8Array): SessionOrigin | null {
    return this.#origins.get(ticketKey(ticket)) ?? null
  }

  /** The latest counts; the oldest gives way. */
  #remember(key: string, origin: SessionOrigin): void {
    this.#origins.delete(key)
    if (this.#origins.size >= this.#maxSessions) {
      const oldest = this.#origins.keys().next().value!
      this.#origins.delete(oldest)
      this.#issued.delete(oldest)
    }
    this.#origins.set(key, origin)
  }
}

/** Tickets may have kilobytes: their hash is kept. */
function ticketKey(ticket: Uint8Array): string {
  return `ticket ${hexOf(sha256(ticket))}`
}

/** The master secret of a session; `null` while the key log does not have it. */
export function masterOf(origin: SessionOrigin, store: SecretStore): Uint8Array | null {
  return 'master' in origin ? origin.master : (store.of(origin.clientRandom)?.master ?? null)
}
