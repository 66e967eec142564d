import { type Direction, opposite } from '../../tcp/connection.js'
import type { TlsCrypto } from '../crypto/crypto.js'
import type { ConnectionSecrets, SecretStore } from '../keys/secret-store.js'
import { type Suite, tls13SuitesWithSecret } from '../suites/suites.js'
import { type Epoch, type Role, Tls13Epochs } from './epochs.js'
import type { MasterCandidate, Negotiation, TlsFailure } from './negotiation.js'
import { type Effort, type Opened, Opener } from './opener.js'
import { tls12Protections } from './protection.js'
import type { Side, WireRecord } from './side.js'

/** An opener for the records of a direction, why there can be none, or that what it needs may still come. */
export type Found = Opener | TlsFailure | 'wait'

export interface KeyFinderContext {
  readonly secrets: SecretStore
  readonly crypto: TlsCrypto
  /** What all connections together may spend in vain. */
  readonly effort: Effort
}

/** What the hellos would have told, found by trying. */
interface Stranger {
  suite: Suite
  secrets: ConnectionSecrets
}

/** On one record after a loss, and on all of a direction until one is opened again. */
const RECORD_EFFORT: Readonly<Effort> = { tries: 2048, bytes: 4 * 1024 * 1024 }
const RECOVERY_EFFORT: Readonly<Effort> = { tries: 8192, bytes: 16 * 1024 * 1024 }
/** What is tried in any case: the next number under these keys, and the first under the next. */
const LEAST_TRIES = 2
/** Of one connection whose beginning was not captured. */
const GUESS_EFFORT: Readonly<Effort> = { tries: 16_384, bytes: 8 * 1024 * 1024 }
/** Records that may have come before the capture began, in each direction, if `GUESS_EFFORT` allows; keys tried. */
const RECORDS_BEFORE = 4095
const MAX_KEYS = 256

/** Finds the keys of each direction of a connection: by its hellos, or by trying all secrets where they are missing. */
export class KeyFinder {
  readonly #context: KeyFinderContext
  readonly #guess: Effort = { ...GUESS_EFFORT }
  #recovery: Effort = { ...RECOVERY_EFFORT }
  readonly #guessing = new WeakSet<Opener>()
  #stranger: Stranger | null = null

  constructor(context: KeyFinderContext) {
    this.#context = context
  }

  /** Trying has shown that the connection is one of TLS 1.3. */
  get isTls13(): boolean {
    return this.#stranger !== null
  }

  /**
   * Keys for the next record of a side. `role` is `null` where nothing shows who is client. `helloMayCome`: the
   * ServerHello is not missing but only not there yet. `proven` is called when trying has shown who is client.
   */
  find(
    negotiation: Negotiation,
    side: Side,
    role: Role | null,
    helloMayCome: boolean,
    proven: (client: Direction) => void,
  ): Found {
    const { obstacle, serverHello, clientHello } = negotiation
    if (obstacle) return obstacle
    if (serverHello && !negotiation.isTls13) return this.#tls12(negotiation, side, role ?? 'client')
    if (!serverHello && clientHello && helloMayCome) return 'wait'
    const suite = negotiation.suite
    const epochs: Epoch[] = []
    const roles: readonly Role[] = role ? [role] : ['client', 'server']
    const atStart = clientHello !== null || serverHello !== null
    for (const secrets of this.#secretsFor(clientHello?.random ?? null)) {
      for (const each of roles) {
        for (const likely of this.#suitesFor(suite, secrets)) {
          const keys = new Tls13Epochs(this.#context.crypto, likely, secrets, each, () => {
            this.#stranger ??= { suite: likely, secrets }
            proven(each === 'client' ? side.direction : opposite(side.direction))
          })
          if (!atStart) epochs.push(...keys.generations())
          else if (keys.any) epochs.push(keys.handshake())
        }
      }
      if (epochs.length >= MAX_KEYS) break
    }
    if (epochs.length === 0) return 'wait'
    const opener = new Opener(epochs, side.passed, atStart ? side.mayMiss : Math.max(side.mayMiss, RECORDS_BEFORE))
    if (!clientHello || !serverHello) this.#guessing.add(opener)
    return opener
  }

  /** Opens a record, and spends no more on it than is right: what leads to nothing is bounded, in all connections. */
  open(opener: Opener, { type, version }: WireRecord, body: Uint8Array, mayBeEarly: boolean): Opened | null {
    const { effort } = this.#context
    const guessing = this.#isGuessing(opener)
    const own = guessing ? this.#guess : this.#recovery
    const most = guessing ? own : RECORD_EFFORT
    const given: Effort = {
      tries: Math.max(LEAST_TRIES, Math.min(most.tries, own.tries, effort.tries)),
      bytes: Math.max(LEAST_TRIES * body.length, Math.min(most.bytes, own.bytes, effort.bytes)),
    }
    const left = { ...given }
    const opened = opener.open(type, version, body, left, mayBeEarly)
    if (opened) {
      if (own === this.#recovery) this.#recovery = { ...RECOVERY_EFFORT }
      return opened
    }
    for (const each of [own, effort]) {
      each.tries = Math.max(0, each.tries - (given.tries - left.tries))
      each.bytes = Math.max(0, each.bytes - (given.bytes - left.bytes))
    }
    return null
  }

  #isGuessing(opener: Opener): boolean {
    return !opener.isConfirmed && this.#guessing.has(opener)
  }

  /** Nothing more may be tried. */
  isExhausted(opener: Opener): boolean {
    if (opener.isHopeless) return true
    if (!this.#isGuessing(opener)) return false
    const { effort } = this.#context
    return Math.min(this.#guess.tries, effort.tries, this.#guess.bytes, effort.bytes) <= 0
  }

  #tls12(negotiation: Negotiation, side: Side, role: Role): Found {
    const epochs: Epoch[] = []
    for (const candidate of negotiation.candidates()) {
      const agreement = negotiation.agreement(candidate.clientRandom)
      if (!agreement) continue
      epochs.push({
        name: 'application',
        protection: tls12Protections(this.#context.crypto, agreement, candidate.master)[role],
        next: () => null,
        confirmed: () => {
          this.#prove(negotiation, candidate)
        },
      })
    }
    return epochs.length === 0 ? 'wait' : new Opener(epochs, side.passed, side.mayMiss)
  }

  #prove(negotiation: Negotiation, candidate: MasterCandidate): void {
    if (negotiation.proven) return
    negotiation.proven = candidate
    if ('clientRandom' in candidate.origin) {
      const secrets = this.#context.secrets.of(candidate.origin.clientRandom)
      if (secrets) secrets.used = true
    }
    negotiation.remember()
  }

  *#secretsFor(clientRandom: Uint8Array | null): Generator<ConnectionSecrets> {
    if (this.#stranger) yield this.#stranger.secrets
    else if (clientRandom) {
      const secrets = this.#context.secrets.of(clientRandom)
      if (secrets) yield secrets
    } else for (const [, secrets] of this.#context.secrets.all()) yield secrets
  }

  #suitesFor(agreed: Suite | null, secrets: ConnectionSecrets): readonly Suite[] {
    if (agreed) return [agreed]
    if (this.#stranger) return [this.#stranger.suite]
    const { clientTraffic, serverTraffic, clientHandshake, serverHandshake } = secrets
    const [traffic] = [...clientTraffic.values(), ...serverTraffic.values()]
    return tls13SuitesWithSecret((traffic ?? clientHandshake ?? serverHandshake)?.length ?? 0)
  }
}

/** Why records that waited were given up. */
export function reasonFor(negotiation: Negotiation): TlsFailure {
  const { clientHello, serverHello } = negotiation
  // Up to TLS 1.2 a secret alone makes no keys.
  if (!serverHello && (!clientHello || negotiation.candidates().length > 0)) return { kind: 'hello-missing' }
  return negotiation.obstacle ?? { kind: 'no-secret', ...namesOf(negotiation) }
}

/** Why records are not opened though there are secrets. */
export function reasonAgainst(negotiation: Negotiation): TlsFailure {
  const { clientHello, serverHello } = negotiation
  return clientHello && serverHello ? { kind: 'not-verified', ...namesOf(negotiation) } : { kind: 'hello-missing' }
}

function namesOf({ serverHello, suite }: Negotiation): { version: number | null; suite: string | null } {
  return { version: serverHello?.version ?? null, suite: suite?.name ?? null }
}
