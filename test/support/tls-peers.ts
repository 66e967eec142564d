import { ByteWriter } from './byte-writer.js'
import { handshake, joined, opaque, record } from './tls-records.js'
import {
  bytesOf,
  expandLabel,
  SEALING,
  type Sealer,
  sealer13,
  sealers12,
  type Sealing,
  suiteOf,
} from './tls-sealing.js'

export { bytesOf, SEALING, type Sealing }

export type Speaker = 'client' | 'server'

export interface PeersOptions {
  suite?: Sealing
  /** Makes all secrets. */
  seed?: number
  /** A session up to TLS 1.2 that is resumed, by its id or by its ticket. */
  resumes?: TlsPeers
  by?: 'id' | 'ticket'
  /** Bytes of padding after each record (RFC 8446 §5.4). */
  padding?: number
  /** Bytes of content in a record. */
  recordSize?: number
  /** Bytes of handshake messages in a record, which may then begin and end in different ones (RFC 8446 §5.1). */
  messageSize?: number
  /** TLS 1.3 begins with a HelloRetryRequest (RFC 8446 §4.1.4). */
  retry?: boolean
  /** Without the ChangeCipherSpec that TLS 1.3 sends for the sake of boxes (RFC 8446 §D.4). */
  compatible?: boolean
  /** 0-RTT data that the client sends with its hello, and whether the server takes it (RFC 8446 §4.2.10). */
  early?: { content: Uint8Array; accepted: boolean }
}

const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const HANDSHAKE = 22
const DATA = 23
const CHANGE = record(CHANGE_CIPHER_SPEC, Uint8Array.of(1))
/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex')

/** A step of the handshake: bytes of one end. */
export interface Flight {
  from: Speaker
  bytes: Uint8Array
}

/**
 * Both ends of a TLS connection whose records are sealed with Node's ciphers, and its lines in a key log. Certificates
 * and Finished messages have no meaning, since whoever reads a capture does not verify them.
 */
export class TlsPeers {
  readonly suite: Sealing
  clientRandom: Uint8Array
  #serverRandom: Uint8Array
  readonly #options: PeersOptions
  readonly #secrets: Record<string, Uint8Array>
  /** Lines of the handshakes before the latest. */
  #earlier = ''
  readonly #ends: Record<Speaker, Sealer>
  readonly #generations = { client: 0, server: 0 }
  readonly sessionId: Uint8Array
  readonly ticket: Uint8Array

  constructor(options: PeersOptions = {}) {
    const { suite = options.resumes?.suite ?? 'tls13-aes128-gcm', seed = 1 } = options
    this.suite = suite
    this.#options = options
    this.clientRandom = bytesOf(`client random ${seed}`, 32)
    this.#serverRandom = bytesOf(`server random ${seed}`, 32)
    this.sessionId = options.resumes?.sessionId ?? bytesOf(`session ${seed}`, 32)
    this.ticket = options.resumes?.ticket ?? bytesOf(`ticket ${seed}`, 180)
    const length = suiteOf(suite).hash === 'sha384' ? 48 : 32
    this.#secrets = this.isTls13
      ? {
          CLIENT_HANDSHAKE_TRAFFIC_SECRET: bytesOf(`client handshake ${seed}`, length),
          SERVER_HANDSHAKE_TRAFFIC_SECRET: bytesOf(`server handshake ${seed}`, length),
          CLIENT_TRAFFIC_SECRET_0: bytesOf(`client traffic ${seed}`, length),
          SERVER_TRAFFIC_SECRET_0: bytesOf(`server traffic ${seed}`, length),
        }
      : { CLIENT_RANDOM: options.resumes?.master ?? bytesOf(`master ${seed}`, 48) }
    this.#ends = this.isTls13
      ? {
          client: sealer13(suiteOf(suite), this.#secrets['CLIENT_HANDSHAKE_TRAFFIC_SECRET']!),
          server: sealer13(suiteOf(suite), this.#secrets['SERVER_HANDSHAKE_TRAFFIC_SECRET']!),
        }
      : this.#sealers12()
  }

  get isTls13(): boolean {
    return this.suite.startsWith('tls13')
  }

  /** Up to TLS 1.2. */
  get master(): Uint8Array {
    return this.#secrets['CLIENT_RANDOM']!
  }

  /** Lines of a key log; GnuTLS writes none for a session that is resumed. */
  get keyLog(): string {
    const lines = Object.entries(this.#secrets).map(
      ([label, secret]) => `${label} ${hex(this.clientRandom)} ${hex(secret)}\n`,
    )
    return this.#earlier + lines.join('')
  }

  /** The handshake, in the order of its flights. */
  handshake(): Flight[] {
    return this.isTls13 ? this.#handshake13() : this.#handshake12()
  }

  /** Application data of one end. */
  data(from: Speaker, content: string | Uint8Array): Uint8Array {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const size = this.#options.recordSize ?? 16_384
    const records: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) records.push(this.seal(from, DATA, bytes.subarray(at, at + size)))
    return joined(...records)
  }

  alert(from: Speaker, description: number, level = description === 0 ? 1 : 2): Uint8Array {
    return this.seal(from, ALERT, Uint8Array.of(level, description))
  }

  closeNotify(from: Speaker): Uint8Array {
    return this.alert(from, 0)
  }

  /** A NewSessionTicket of TLS 1.3, after the handshake. */
  newTicket(length = 200): Uint8Array {
    return this.seal('server', HANDSHAKE, handshake(4, opaque(length, 12)))
  }

  /** KeyUpdate (RFC 8446 §4.6.3): what follows from that end has other keys. */
  keyUpdate(from: Speaker, requested = false): Uint8Array {
    const bytes = this.seal(from, HANDSHAKE, handshake(24, Uint8Array.of(requested ? 1 : 0)))
    const label = `${from.toUpperCase()}_TRAFFIC_SECRET_${this.#generations[from]++}`
    const before = this.#secrets[label]!
    const secret = expandLabel(suiteOf(this.suite).hash, before, 'traffic upd', before.length)
    this.#secrets[`${from.toUpperCase()}_TRAFFIC_SECRET_${this.#generations[from]}`] = secret
    this.#ends[from] = sealer13(suiteOf(this.suite), secret)
    return bytes
  }

  /** A handshake under the keys of the one before, up to TLS 1.2 (RFC 5246 §7.4.1.1); the server may ask for it. */
  renegotiate(seed: number, asked = false): Flight[] {
    this.#earlier = this.keyLog
    this.clientRandom = bytesOf(`client random ${seed}`, 32)
    this.#serverRandom = bytesOf(`server random ${seed}`, 32)
    this.#secrets['CLIENT_RANDOM'] = bytesOf(`master ${seed}`, 48)
    const next = this.#sealers12()
    const change = (from: Speaker): Uint8Array => {
      const bytes = this.seal(from, CHANGE_CIPHER_SPEC, Uint8Array.of(1))
      this.#ends[from] = next[from]
      return bytes
    }
    const messages = joined(
      handshake(2, this.#serverHello(new Uint8Array(0))),
      handshake(11, certificates(false)),
      handshake(14, new Uint8Array(0)),
    )
    const hello: Flight = { from: 'client', bytes: this.seal('client', HANDSHAKE, handshake(1, this.#clientHello())) }
    return [
      ...(asked
        ? [{ from: 'server' as const, bytes: this.seal('server', HANDSHAKE, handshake(0, new Uint8Array(0))) }]
        : []),
      hello,
      { from: 'server', bytes: this.#messages('server', messages) },
      {
        from: 'client',
        bytes: joined(
          this.#messages('client', handshake(16, opaque(66, 8))),
          change('client'),
          this.#finished('client'),
        ),
      },
      { from: 'server', bytes: joined(change('server'), this.#finished('server')) },
    ]
  }

  /** One record. */
  seal(from: Speaker, type: number, content: Uint8Array): Uint8Array {
    return this.#ends[from].seal(type, content, this.#options.padding)
  }

  /** Handshake messages under the keys of an end, in records of the size that was asked for. */
  #messages(from: Speaker, messages: Uint8Array): Uint8Array {
    const { messageSize = messages.length } = this.#options
    const records: Uint8Array[] = []
    for (let at = 0; at < messages.length; at += messageSize)
      records.push(this.seal(from, HANDSHAKE, messages.subarray(at, at + messageSize)))
    return joined(...records)
  }

  /** The same in the clear. */
  #clear(messages: Uint8Array, version = this.#recordVersion): Uint8Array {
    const { messageSize = messages.length } = this.#options
    const records: Uint8Array[] = []
    for (let at = 0; at < messages.length; at += messageSize)
      records.push(record(HANDSHAKE, messages.subarray(at, at + messageSize), version))
    return joined(...records)
  }

  get #recordVersion(): number {
    return Math.min(0x303, suiteOf(this.suite).version)
  }

  #finished(from: Speaker): Uint8Array {
    return this.#messages(from, handshake(20, opaque(this.isTls13 ? 32 : 12, 7)))
  }

  #handshake13(): Flight[] {
    const { retry, early, compatible = true } = this.#options
    const change = compatible ? CHANGE : new Uint8Array(0)
    const hello = this.#clear(handshake(1, this.#clientHello()), 0x0301)
    const version = Uint8Array.of(0, 43, 0, 2, 3, 4)
    const extensions = early?.accepted ? Uint8Array.of(0, 4, 0, 42, 0, 0) : Uint8Array.of(0, 0)
    const messages = joined(
      handshake(8, extensions),
      handshake(11, joined(Uint8Array.of(0), certificates(true))),
      handshake(15, opaque(80, 4)),
    )
    const flights: Flight[] = [{ from: 'client', bytes: joined(hello, this.#earlyData()) }]
    if (retry) {
      const asks = this.#clear(handshake(2, this.#serverHello(version, RETRY_RANDOM)))
      flights.push({ from: 'server', bytes: joined(asks, change) })
      flights.push({ from: 'client', bytes: joined(change, this.#clear(handshake(1, this.#clientHello()))) })
    }
    const server = joined(
      this.#clear(handshake(2, this.#serverHello(version))),
      retry ? new Uint8Array(0) : change,
      this.#messages('server', joined(messages, handshake(20, opaque(32, 5)))),
    )
    flights.push({ from: 'server', bytes: server })
    flights.push({ from: 'client', bytes: joined(retry ? new Uint8Array(0) : change, this.#finished('client')) })
    for (const from of ['client', 'server'] as const)
      this.#ends[from] = sealer13(suiteOf(this.suite), this.#secrets[`${from.toUpperCase()}_TRAFFIC_SECRET_0`]!)
    return flights
  }

  /** Under keys that nobody logs; EndOfEarlyData, if it is taken, stands before Finished but counts to it here. */
  #earlyData(): Uint8Array {
    const { early, compatible = true } = this.#options
    if (!early) return new Uint8Array(0)
    const suite = suiteOf(this.suite)
    const sealer = sealer13(suite, bytesOf('early', suite.hash === 'sha384' ? 48 : 32))
    const records: Uint8Array[] = [compatible ? CHANGE : new Uint8Array(0)]
    for (let at = 0; at < early.content.length; at += 4000)
      records.push(sealer.seal(DATA, early.content.subarray(at, at + 4000)))
    if (early.accepted) records.push(sealer.seal(HANDSHAKE, handshake(5, new Uint8Array(0))))
    return joined(...records)
  }

  #handshake12(): Flight[] {
    const hello = this.#clear(handshake(2, this.#serverHello(new Uint8Array(0))))
    const change = record(CHANGE_CIPHER_SPEC, Uint8Array.of(1), this.#recordVersion)
    const finished = (from: Speaker) => joined(change, this.#finished(from))
    const first: Flight = { from: 'client', bytes: this.#clear(handshake(1, this.#clientHello()), 0x0301) }
    if (this.#options.resumes)
      return [
        first,
        { from: 'server', bytes: joined(hello, finished('server')) },
        { from: 'client', bytes: finished('client') },
      ]
    const lifetime = new ByteWriter().u32(300).u16(this.ticket.length).bytes(this.ticket).result()
    const messages = joined(
      this.#clear(handshake(11, certificates(false))),
      this.#clear(handshake(14, new Uint8Array(0))),
    )
    return [
      first,
      { from: 'server', bytes: joined(hello, messages) },
      { from: 'client', bytes: joined(this.#clear(handshake(16, opaque(66, 8))), finished('client')) },
      { from: 'server', bytes: joined(this.#clear(handshake(4, lifetime)), finished('server')) },
    ]
  }

  #clientHello(): Uint8Array {
    const { by = 'id', resumes } = this.#options
    const ticket = resumes && by === 'ticket' ? this.ticket : new Uint8Array(0)
    const versions = this.isTls13 ? Uint8Array.of(0, 43, 0, 3, 2, 3, 4) : new Uint8Array(0)
    const early = this.#options.early ? Uint8Array.of(0, 42, 0, 0) : new Uint8Array(0)
    const tickets = new ByteWriter().u16(35, ticket.length).bytes(ticket).result()
    const extensions = joined(versions, tickets, early)
    // With a ticket, the client makes a session id up, to see whether the server takes it (RFC 5077 §3.4).
    const id = resumes && by === 'id' ? this.sessionId : resumes ? opaque(32, 99) : new Uint8Array(0)
    return new ByteWriter()
      .u16(0x0303)
      .bytes(this.clientRandom)
      .u8(id.length)
      .bytes(id)
      .u16(2, suiteOf(this.suite).code)
      .u8(1, 0)
      .u16(extensions.length)
      .bytes(extensions)
      .result()
  }

  #serverHello(others: Uint8Array, random = this.#serverRandom): Uint8Array {
    const { by = 'id', resumes } = this.#options
    const { code, version, encryptThenMac } = suiteOf(this.suite)
    const extensions = encryptThenMac ? joined(others, Uint8Array.of(0, 22, 0, 0)) : others
    const id = this.isTls13 ? new Uint8Array(0) : resumes && by === 'ticket' ? opaque(32, 99) : this.sessionId
    return new ByteWriter()
      .u16(Math.min(0x303, version))
      .bytes(random)
      .u8(id.length)
      .bytes(id)
      .u16(code)
      .u8(0)
      .u16(extensions.length)
      .bytes(extensions)
      .result()
  }

  #sealers12(): Record<Speaker, Sealer> {
    return sealers12(suiteOf(this.suite), this.master, this.clientRandom, this.#serverRandom)
  }
}

/** A list with one certificate of no meaning. */
function certificates(tls13: boolean): Uint8Array {
  const one = opaque(600, 3)
  const entry = new ByteWriter().u8(0).u16(one.length).bytes(one).result()
  const list = tls13 ? joined(entry, Uint8Array.of(0, 0)) : entry
  return new ByteWriter().u8(0).u16(list.length).bytes(list).result()
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
