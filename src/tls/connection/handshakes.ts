import { type Direction, opposite } from '../../tcp/connection.js'
import { readCertificates, readTicket } from '../handshake-bodies.js'
import { readClientHelloDetails, readEncryptedExtensions, readServerHelloDetails } from '../hello-details.js'
import type { Place } from '../events.js'
import type { SecretStore } from '../keys/secret-store.js'
import type { SessionCache } from '../keys/session-cache.js'
import { HandshakeType } from '../record-layer.js'
import { noFacts, type TlsFacts } from '../tls-facts.js'
import type { Role } from './epochs.js'
import { Negotiation } from './negotiation.js'

/** The handshakes of one connection, one after the other where it is renegotiated, and what they show. */
export class Handshakes {
  readonly facts: TlsFacts = noFacts()
  /** The latest. */
  negotiation: Negotiation
  readonly #secrets: SecretStore
  readonly #sessions: SessionCache

  constructor({ secrets, sessions }: { secrets: SecretStore; sessions: SessionCache }, client: Direction | null) {
    this.#secrets = secrets
    this.#sessions = sessions
    this.client = client
    this.negotiation = new Negotiation(secrets, sessions)
  }

  /** The direction of the client; `null` while nothing shows it. */
  get client(): Direction | null {
    return this.facts.client
  }

  set client(direction: Direction | null) {
    this.facts.client = direction
  }

  roleOf(direction: Direction): Role | null {
    if (this.client === null) return null
    return direction === this.client ? 'client' : 'server'
  }

  /** ChangeCipherSpec of a direction, up to TLS 1.2. */
  changeCipher(direction: Direction): void {
    if (this.roleOf(direction) !== 'server') return
    this.negotiation.serverChanged()
    this.facts.resumption = this.negotiation.resumption
  }

  /** Bytes kept of handshake messages. */
  get size(): number {
    const { certificates, clientCertificates } = this.facts
    return this.negotiation.size + lengthOf(certificates) + lengthOf(clientCertificates)
  }

  /** Reads a message, with and without its header. Returns whether held records may be waiting for it. */
  message(direction: Direction, type: number, body: Uint8Array, whole: Uint8Array, place: Place): boolean {
    if (type === HandshakeType.ClientHello) this.#clientHello(direction, body, place)
    const { facts, negotiation } = this
    if (type !== HandshakeType.HelloRequest) negotiation.addToTranscript(whole)
    switch (type) {
      case HandshakeType.ServerHello:
        return this.#serverHello(direction, body, place)
      case HandshakeType.EncryptedExtensions: {
        const { protocol, earlyData } = readEncryptedExtensions(body)
        facts.protocol = protocol
        facts.earlyDataAccepted = earlyData
        break
      }
      case HandshakeType.NewSessionTicket:
        if (!negotiation.isTls13) negotiation.newTicket = readTicket(body)
        break
      case HandshakeType.Certificate:
        negotiation.full = true
        if (this.roleOf(direction) === 'client') {
          facts.clientCertificates = readCertificates(body, negotiation.isTls13)
          facts.clientCertificateAt = place
        } else {
          facts.certificates = readCertificates(body, negotiation.isTls13)
          facts.certificateAt = place
        }
        break
      case HandshakeType.ServerKeyExchange:
      case HandshakeType.ServerHelloDone:
        negotiation.full = true
        break
      case HandshakeType.ClientKeyExchange:
        negotiation.full = true
        negotiation.keyExchange(body)
        break
      case HandshakeType.KeyUpdate:
        facts.keyUpdates++
        break
    }
    return false
  }

  #clientHello(direction: Direction, body: Uint8Array, place: Place): void {
    const hello = readClientHelloDetails(body)
    if (!hello) return
    this.client = direction
    if (!this.negotiation.retried || this.negotiation.serverHello) {
      if (this.negotiation.serverHello) this.facts.renegotiations++
      this.negotiation = new Negotiation(this.#secrets, this.#sessions)
    }
    this.negotiation.clientHello = hello
    this.facts.clientHello = hello
    this.facts.clientHelloAt = place
    this.facts.resumption = this.negotiation.resumption
  }

  #serverHello(direction: Direction, body: Uint8Array, place: Place): boolean {
    const hello = readServerHelloDetails(body)
    if (!hello) return false
    this.client = opposite(direction)
    const { facts, negotiation } = this
    if (hello.retry) {
      negotiation.retried = true
      facts.helloRetryRequest = true
      return false
    }
    negotiation.serverHello = hello
    facts.serverHello = hello
    facts.serverHelloAt = place
    facts.resumption = negotiation.resumption
    if (!negotiation.isTls13) facts.protocol = hello.protocol
    return true
  }
}

function lengthOf(certificates: readonly Uint8Array[]): number {
  return certificates.reduce((sum, { length }) => sum + length, 0)
}
