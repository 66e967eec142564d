import { sameBytes } from '../crypto/crypto.js'
import { hexOf } from '../hex.js'
import { KeyLogReader, type KeyLogSummary, type SecretKind } from './key-log.js'
import type { RsaPrivateKey } from './rsa-private-key.js'

/** The secrets of one connection, as far as they are known. */
export interface ConnectionSecrets {
  /** Up to TLS 1.2 (48 bytes). */
  master: Uint8Array | null
  /** TLS 1.3, by role. */
  clientHandshake: Uint8Array | null
  serverHandshake: Uint8Array | null
  /** By generation: N of CLIENT_TRAFFIC_SECRET_N. */
  clientTraffic: Map<number, Uint8Array>
  serverTraffic: Map<number, Uint8Array>
  /** A record was decrypted with one of them. */
  used: boolean
}

/** Bytes that a secret takes in memory besides its own, about. */
const OVERHEAD = 200
const MAX_BYTES = 64 * 1024 * 1024
const MAX_PRIVATE_KEYS = 64

/**
 * All secrets at hand, by client random. May be filled at any time: a decoder looks again for what it lacks when
 * `version` has changed, so that a key log may come after the packets that it decrypts.
 */
export class SecretStore {
  /** Rises with each change. */
  version = 0
  /** Secrets kept, and those left out since `maxBytes` was reached. */
  count = 0
  dropped = 0
  readonly privateKeys: RsaPrivateKey[] = []
  readonly #byRandom = new Map<string, ConnectionSecrets>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** Nothing can be decrypted so far. */
  get isEmpty(): boolean {
    return this.count === 0 && this.privateKeys.length === 0
  }

  /** Adds a key log (RFC 9850), as text or bytes. */
  addKeyLog(log: Uint8Array | string): KeyLogSummary {
    const reader = new KeyLogReader(this)
    // Anything but ASCII is malformed, whatever its encoding.
    reader.push(typeof log === 'string' ? Uint8Array.from(log, (character) => character.charCodeAt(0) & 0xff) : log)
    return reader.end()
  }

  addPrivateKey(key: RsaPrivateKey): void {
    if (this.privateKeys.length >= MAX_PRIVATE_KEYS) {
      this.dropped++
      return
    }
    this.privateKeys.push(key)
    this.version++
  }

  /** A line of a key log. The first secret of its kind counts; another one for the same connection is a mistake. */
  secret(kind: SecretKind, clientRandom: string, generation: number | null, secret: Uint8Array): void {
    if (this.#bytes + OVERHEAD + secret.length > this.#maxBytes) {
      this.dropped++
      return
    }
    let entry = this.#byRandom.get(clientRandom)
    if (!entry) {
      entry = noSecrets()
      this.#byRandom.set(clientRandom, entry)
    }
    if (!put(entry, kind, generation, secret)) return
    this.#bytes += OVERHEAD + secret.length
    this.count++
    this.version++
  }

  /** Secrets of the connection with this client random; `null` without any. */
  of(clientRandom: Uint8Array): ConnectionSecrets | null {
    return this.#byRandom.get(hexOf(clientRandom)) ?? null
  }

  /** All connections with secrets, for one whose hello was not captured; those not used yet come first. */
  *all(): Generator<readonly [clientRandom: string, secrets: ConnectionSecrets]> {
    for (const entry of this.#byRandom) if (!entry[1].used) yield entry
    for (const entry of this.#byRandom) if (entry[1].used) yield entry
  }

  /** Connections for which there are secrets, and how many of these were used. */
  get usage(): { connections: number; used: number } {
    let used = 0
    for (const secrets of this.#byRandom.values()) if (secrets.used) used++
    return { connections: this.#byRandom.size, used }
  }
}

function noSecrets(): ConnectionSecrets {
  return {
    master: null,
    clientHandshake: null,
    serverHandshake: null,
    clientTraffic: new Map(),
    serverTraffic: new Map(),
    used: false,
  }
}

/** False if there is one already. */
function put(entry: ConnectionSecrets, kind: SecretKind, generation: number | null, secret: Uint8Array): boolean {
  switch (kind) {
    case 'master':
      if (entry.master) return false
      entry.master = secret
      return true
    case 'client-handshake':
      if (entry.clientHandshake) return false
      entry.clientHandshake = secret
      return true
    case 'server-handshake':
      if (entry.serverHandshake) return false
      entry.serverHandshake = secret
      return true
    case 'client-traffic':
      return putGeneration(entry.clientTraffic, generation, secret)
    case 'server-traffic':
      return putGeneration(entry.serverTraffic, generation, secret)
  }
}

function putGeneration(secrets: Map<number, Uint8Array>, generation: number | null, secret: Uint8Array): boolean {
  if (generation === null) return putNext(secrets, secret)
  if (secrets.has(generation)) return false
  secrets.set(generation, secret)
  return true
}

/** Both ends may write to the same key log: what is there already is not another generation. */
function putNext(secrets: Map<number, Uint8Array>, secret: Uint8Array): boolean {
  let latest = 0
  for (const [generation, known] of secrets) {
    if (sameBytes(known, secret)) return false
    latest = Math.max(latest, generation)
  }
  secrets.set(latest + 1, secret)
  return true
}
