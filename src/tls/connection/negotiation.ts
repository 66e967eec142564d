/** One handshake of a connection: what it agrees on, and which secrets may be its own. */

import { prf, sessionHash } from '../crypto/key-derivation.js'
import { portableCrypto } from '../crypto/portable.js'
import { type ClientHelloDetails, type ServerHelloDetails } from '../hello-details.js'
import { rsaDecrypt } from '../keys/rsa-private-key.js'
import type { SecretStore } from '../keys/secret-store.js'
import { masterOf, type SessionCache, type SessionOrigin } from '../keys/session-cache.js'
import { u16 } from '../hello.js'
import { type Suite, suiteOf } from '../suites/suites.js'
import { suiteName } from '../suites/suite-names.js'
import { TlsVersion } from '../record-layer.js'
import { joined } from '../crypto/key-derivation.js'
import { type Agreement, prfHash } from './protection.js'

/** Why a connection cannot be decrypted, or not from here on. Contains no key material. */
export type TlsFailure =
  /** No secret for this connection is known: not in the key log, nor by the session that it resumes. */
  | { kind: 'no-secret'; version: number | null; suite: string | null }
  /** IANA's name of a suite with a cipher that is not built in. */
  | { kind: 'unsupported-suite'; suite: string }
  /** SSL 3.0, or a version of the future. */
  | { kind: 'unsupported-version'; version: number }
  | { kind: 'compression' }
  /** Up to TLS 1.2 the hellos are needed to make keys of a secret; with TLS 1.3 no secret at hand fits. */
  | { kind: 'hello-missing' }
  /** A secret is known, but no record can be proven right with it. */
  | { kind: 'not-verified'; version: number | null; suite: string | null }

/** A master secret to try, and the session that it belongs to. */
export interface MasterCandidate {
  master: Uint8Array
  origin: SessionOrigin
  /** It was found under this connection's client random, which the key log may have guessed. */
  clientRandom: Uint8Array
}

const PREMASTER = 48
/** Masters tried for a ServerHello whose ClientHello was not captured. */
const MAX_STRANGERS = 256
const MAX_TRANSCRIPT = 64 * 1024

export class Negotiation {
  clientHello: ClientHelloDetails | null = null
  serverHello: ServerHelloDetails | null = null
  /** A HelloRetryRequest came: the next ClientHello belongs to the same handshake. */
  retried = false
  /** Messages of a full handshake were seen, so that no session is resumed. */
  full = false
  /** A ticket that the server issued in it, up to TLS 1.2. */
  newTicket: Uint8Array | null = null
  /** The master secret that has opened a record. */
  proven: MasterCandidate | null = null
  readonly #store: SecretStore
  readonly #sessions: SessionCache
  /** Messages up to ClientKeyExchange, kept only for private keys. */
  #transcript: Uint8Array[] | null
  #transcriptBytes = 0
  #decrypted: Uint8Array | null = null
  #serverChanged = false
  /** The server's session id is that of an earlier session: with a ticket it would be one that the client made up. */
  #knownId = false

  /** Bytes kept of handshake messages. */
  get size(): number {
    return this.#transcript === null ? 0 : this.#transcriptBytes
  }

  constructor(store: SecretStore, sessions: SessionCache) {
    this.#store = store
    this.#sessions = sessions
    this.#transcript = store.privateKeys.length > 0 ? [] : null
  }

  get suite(): Suite | null {
    return this.serverHello && suiteOf(this.serverHello.suite)
  }

  get isTls13(): boolean {
    return this.retried || this.serverHello?.version === TlsVersion.Tls13
  }

  /** Why no secret would help; `null` where one would. */
  get obstacle(): TlsFailure | null {
    const hello = this.serverHello
    if (!hello) return null
    const { version } = hello
    if (version < TlsVersion.Tls10 || version > TlsVersion.Tls13) return { kind: 'unsupported-version', version }
    const suite = suiteOf(hello.suite)
    if (suite?.tls13 !== this.isTls13) return { kind: 'unsupported-suite', suite: suiteName(hello.suite) }
    return hello.compression === 0 ? null : { kind: 'compression' }
  }

  /** The server changed its cipher without the messages of a full handshake: a session is resumed (up to TLS 1.2). */
  get isResumed(): boolean {
    return this.#serverChanged && !this.full && !this.isTls13
  }

  /** By what the session is resumed, as far as the hellos tell. */
  get resumption(): {
    offered: 'session-id' | 'ticket' | 'psk' | null
    accepted: 'session-id' | 'ticket' | 'psk' | null
  } {
    const { clientHello, serverHello } = this
    const ticket = (clientHello?.ticketBytes ?? null) !== null
    const offered = clientHello?.preSharedKey
      ? 'psk'
      : ticket
        ? 'ticket'
        : // With TLS 1.3 the session id of a hello has no meaning, but servers of TLS 1.2 may take it.
          clientHello && clientHello.session.length > 0 && clientHello.version < TlsVersion.Tls13
          ? 'session-id'
          : null
    if (!serverHello) return { offered, accepted: null }
    if (this.isTls13) return { offered, accepted: serverHello.preSharedKey ? 'psk' : null }
    return { offered, accepted: this.isResumed ? (ticket && !this.#knownId ? 'ticket' : 'session-id') : null }
  }

  /** A message of this handshake, with its header. */
  addToTranscript(whole: Uint8Array): void {
    if (!this.#transcript) return
    this.#transcriptBytes += whole.length
    if (this.#transcriptBytes > MAX_TRANSCRIPT) this.#transcript = null
    else this.#transcript.push(whole.slice())
  }

  /** ClientKeyExchange: with RSA key exchange it holds the premaster secret (RFC 5246 §7.4.7.1). */
  keyExchange(body: Uint8Array): void {
    const { clientHello, serverHello, suite } = this
    const transcript = this.#transcript
    this.#transcript = null
    if (!transcript || !clientHello || !serverHello || !suite?.rsaKeyExchange) return
    const encrypted = body.subarray(2, 2 + u16(body, 0))
    for (const key of this.#store.privateKeys) {
      const premaster = rsaDecrypt(key, encrypted)
      if (premaster?.length !== PREMASTER) continue
      const hash = prfHash(suite, serverHello.version)
      this.#decrypted = serverHello.extendedMasterSecret
        ? prf(
            portableCrypto,
            hash,
            premaster,
            'extended master secret',
            [sessionHash(hash, joined(transcript))],
            PREMASTER,
          )
        : prf(portableCrypto, hash, premaster, 'master secret', [clientHello.random, serverHello.random], PREMASTER)
      return
    }
  }

  /** What keys are made of, with the client random under which a secret was found. */
  agreement(clientRandom: Uint8Array): Agreement | null {
    const { serverHello, suite } = this
    if (!serverHello || !suite) return null
    const { version, encryptThenMac, random } = serverHello
    return { suite, version, encryptThenMac, clientRandom, serverRandom: random }
  }

  /** Master secrets that may be this handshake's, the likeliest first. */
  candidates(): MasterCandidate[] {
    if (this.proven) return [this.proven]
    const { clientHello } = this
    if (!clientHello) return this.#strangers()
    const { random: clientRandom } = clientHello
    const found: MasterCandidate[] = []
    const add = (master: Uint8Array | null, origin: SessionOrigin) => {
      if (master) found.push({ master, origin, clientRandom })
    }
    add(this.#store.of(clientRandom)?.master ?? null, { clientRandom })
    if (this.#decrypted) add(this.#decrypted, { master: this.#decrypted })
    for (const origin of this.#resumedOrigins()) add(masterOf(origin, this.#store), origin)
    return found
  }

  /** The server has changed its cipher: what it lets the client resume later belongs to this session. */
  serverChanged(): void {
    this.#serverChanged = true
    const { serverHello } = this
    this.#knownId = serverHello !== null && this.#sessions.wasIssued(serverHello.session)
    this.remember()
  }

  /** Notes by what this session may be resumed. */
  remember(): void {
    const { clientHello, serverHello } = this
    if (!serverHello || !clientHello || this.isTls13) return
    const origin = this.proven?.origin ?? this.#likelyOrigin(clientHello)
    this.#sessions.rememberId(serverHello.session, origin, this.full)
    if (this.newTicket) this.#sessions.rememberTicket(this.newTicket, origin)
  }

  #likelyOrigin({ random: clientRandom }: ClientHelloDetails): SessionOrigin {
    if (this.#store.of(clientRandom)?.master) return { clientRandom }
    if (this.#decrypted) return { master: this.#decrypted }
    return (this.isResumed ? this.#resumedOrigins()[0] : undefined) ?? { clientRandom }
  }

  #resumedOrigins(): SessionOrigin[] {
    const { clientHello, serverHello } = this
    const origins: SessionOrigin[] = []
    const ticket = clientHello?.ticketBytes
    const byTicket = ticket ? this.#sessions.byTicket(ticket) : null
    if (byTicket) origins.push(byTicket)
    const byId = serverHello && this.#sessions.byId(serverHello.session)
    if (byId) origins.push(byId)
    return origins
  }

  /** Without a ClientHello any secret may be the one: each comes with its client random. */
  #strangers(): MasterCandidate[] {
    const found: MasterCandidate[] = []
    for (const [random, { master }] of this.#store.all()) {
      if (!master) continue
      const clientRandom = Uint8Array.from({ length: 32 }, (_, at) => parseInt(random.slice(2 * at, 2 * at + 2), 16))
      found.push({ master, origin: { clientRandom }, clientRandom })
      if (found.length >= MAX_STRANGERS) break
    }
    return found
  }
}
