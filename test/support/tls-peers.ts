import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { ByteWriter } from './byte-writer.js'
import { handshake, joined, opaque, record } from './tls-records.js'

/** Cipher suites that `TlsPeers` can seal with. */
export const SEALING = {
  'tls13-aes128-gcm': { code: 0x1301, cipher: 'aes-128-gcm', hash: 'sha256', key: 16, tag: 16 },
  'tls13-chacha20': { code: 0x1303, cipher: 'chacha20-poly1305', hash: 'sha256', key: 32, tag: 16 },
  'tls12-aes256-gcm': { code: 0xc030, cipher: 'aes-256-gcm', hash: 'sha384', key: 32, tag: 16 },
  'tls12-cbc-sha': { code: 0xc013, cipher: 'aes-128-cbc', hash: 'sha256', key: 16, tag: 20 },
} as const
export type Sealing = keyof typeof SEALING

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
}

const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const HANDSHAKE = 22
const DATA = 23

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
  readonly clientRandom: Uint8Array
  readonly #serverRandom: Uint8Array
  readonly #options: PeersOptions
  readonly #secrets: Record<string, Uint8Array>
  readonly #sequences = { client: 0, server: 0 }
  readonly #ends: Record<Speaker, Keys>
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
    const hash = SEALING[suite].hash
    const length = hash === 'sha384' ? 48 : 32
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
          client: this.#keys13(this.#secrets['CLIENT_HANDSHAKE_TRAFFIC_SECRET']!),
          server: this.#keys13(this.#secrets['SERVER_HANDSHAKE_TRAFFIC_SECRET']!),
        }
      : this.#keys12()
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
    return Object.entries(this.#secrets)
      .map(([label, secret]) => `${label} ${hex(this.clientRandom)} ${hex(secret)}\n`)
      .join('')
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
  keyUpdate(from: Speaker): Uint8Array {
    const bytes = this.seal(from, HANDSHAKE, handshake(24, Uint8Array.of(0)))
    const label = `${from.toUpperCase()}_TRAFFIC_SECRET_${this.#generations[from]++}`
    const secret = expandLabel(
      SEALING[this.suite].hash,
      this.#secrets[label]!,
      'traffic upd',
      this.#secrets[label]!.length,
    )
    this.#secrets[`${from.toUpperCase()}_TRAFFIC_SECRET_${this.#generations[from]}`] = secret
    this.#rekey(from, this.#keys13(secret))
    return bytes
  }

  /** One record. */
  seal(from: Speaker, type: number, content: Uint8Array): Uint8Array {
    const sequence = this.#sequences[from]++
    const keys = this.#ends[from]
    if (this.isTls13) {
      const inner = joined(content, Uint8Array.of(type), new Uint8Array(this.#options.padding ?? 0))
      const length = inner.length + SEALING[this.suite].tag
      const header = Uint8Array.of(DATA, 3, 3, length >> 8, length)
      return joined(header, this.#aead(keys, nonceOf(keys.iv, sequence), header, inner))
    }
    const data = new ByteWriter().u32(0, sequence).u8(type).u16(0x0303, content.length).result()
    if (keys.mac) return record(type, this.#cbc(keys, keys.mac, data, content, sequence))
    const explicit = new ByteWriter().u32(0, sequence).result()
    return record(type, joined(explicit, this.#aead(keys, joined(keys.iv, explicit), data, content)))
  }

  #handshake13(): Flight[] {
    const hello = record(HANDSHAKE, handshake(2, this.#serverHello(Uint8Array.of(0, 43, 0, 2, 3, 4))))
    const flight = joined(
      handshake(8, Uint8Array.of(0, 0)),
      handshake(11, joined(Uint8Array.of(0), certificates(true))),
      handshake(15, opaque(80, 4)),
      handshake(20, opaque(32, 5)),
    )
    const server = joined(hello, record(CHANGE_CIPHER_SPEC, Uint8Array.of(1)), this.seal('server', HANDSHAKE, flight))
    const client = joined(
      record(CHANGE_CIPHER_SPEC, Uint8Array.of(1)),
      this.seal('client', HANDSHAKE, handshake(20, opaque(32, 6))),
    )
    for (const from of ['client', 'server'] as const)
      this.#rekey(from, this.#keys13(this.#secrets[`${from.toUpperCase()}_TRAFFIC_SECRET_0`]!))
    return [
      { from: 'client', bytes: record(HANDSHAKE, handshake(1, this.#clientHello()), 0x0301) },
      { from: 'server', bytes: server },
      { from: 'client', bytes: client },
    ]
  }

  #handshake12(): Flight[] {
    const change = record(CHANGE_CIPHER_SPEC, Uint8Array.of(1))
    const hello = record(HANDSHAKE, handshake(2, this.#serverHello(new Uint8Array(0))))
    const finished = (from: Speaker) => joined(change, this.seal(from, HANDSHAKE, handshake(20, opaque(12, 7))))
    const first: Flight = { from: 'client', bytes: record(HANDSHAKE, handshake(1, this.#clientHello()), 0x0301) }
    if (this.#options.resumes)
      return [
        first,
        { from: 'server', bytes: joined(hello, finished('server')) },
        { from: 'client', bytes: finished('client') },
      ]
    const lifetime = new ByteWriter().u32(300).u16(this.ticket.length).bytes(this.ticket).result()
    return [
      first,
      {
        from: 'server',
        bytes: joined(
          hello,
          record(HANDSHAKE, handshake(11, certificates(false))),
          record(HANDSHAKE, handshake(14, new Uint8Array(0))),
        ),
      },
      { from: 'client', bytes: joined(record(HANDSHAKE, handshake(16, opaque(66, 8))), finished('client')) },
      { from: 'server', bytes: joined(record(HANDSHAKE, handshake(4, lifetime)), finished('server')) },
    ]
  }

  #clientHello(): Uint8Array {
    const { by = 'id', resumes } = this.#options
    const ticket = resumes && by === 'ticket' ? this.ticket : new Uint8Array(0)
    const versions = this.isTls13 ? Uint8Array.of(0, 43, 0, 3, 2, 3, 4) : new Uint8Array(0)
    const tickets = new ByteWriter().u16(35, ticket.length).bytes(ticket).result()
    const extensions = joined(versions, tickets)
    // With a ticket, the client makes a session id up, to see whether the server takes it (RFC 5077 §3.4).
    const id = resumes && by === 'id' ? this.sessionId : resumes ? opaque(32, 99) : new Uint8Array(0)
    return new ByteWriter()
      .u16(0x0303)
      .bytes(this.clientRandom)
      .u8(id.length)
      .bytes(id)
      .u16(2, SEALING[this.suite].code)
      .u8(1, 0)
      .u16(extensions.length)
      .bytes(extensions)
      .result()
  }

  #serverHello(extensions: Uint8Array): Uint8Array {
    const { by = 'id', resumes } = this.#options
    const id = this.isTls13 ? new Uint8Array(0) : resumes && by === 'ticket' ? opaque(32, 99) : this.sessionId
    return new ByteWriter()
      .u16(0x0303)
      .bytes(this.#serverRandom)
      .u8(id.length)
      .bytes(id)
      .u16(SEALING[this.suite].code)
      .u8(0)
      .u16(extensions.length)
      .bytes(extensions)
      .result()
  }

  #rekey(from: Speaker, keys: Keys): void {
    this.#ends[from] = keys
    this.#sequences[from] = 0
  }

  #keys13(secret: Uint8Array): Keys {
    const { hash, key } = SEALING[this.suite]
    return { key: expandLabel(hash, secret, 'key', key), iv: expandLabel(hash, secret, 'iv', 12), mac: null }
  }

  #keys12(): Record<Speaker, Keys> {
    const { hash, key, cipher, tag } = SEALING[this.suite]
    const mac = cipher.endsWith('cbc') ? tag : 0
    const iv = mac > 0 ? 0 : 4
    const seed = joined(new TextEncoder().encode('key expansion'), this.#serverRandom, this.clientRandom)
    const block = prf(hash, this.master, seed, 2 * (mac + key + iv))
    let at = 0
    const take = (length: number) => block.subarray(at, (at += length))
    const [macs, keys, ivs] = [mac, key, iv].map((length) => [take(length), take(length)] as const)
    const end = (index: 0 | 1): Keys => ({ key: keys![index], iv: ivs![index], mac: mac > 0 ? macs![index] : null })
    return { client: end(0), server: end(1) }
  }

  #aead({ key }: Keys, nonce: Uint8Array, data: Uint8Array, text: Uint8Array): Uint8Array {
    const cipher = createCipheriv(SEALING[this.suite].cipher as 'aes-128-gcm', key, nonce, { authTagLength: 16 })
    cipher.setAAD(data)
    return joined(cipher.update(text), cipher.final(), cipher.getAuthTag())
  }

  #cbc({ key }: Keys, macKey: Uint8Array, data: Uint8Array, content: Uint8Array, sequence: number): Uint8Array {
    const mac = createHmac('sha1', macKey).update(data).update(content).digest()
    const padding = 15 - ((content.length + mac.length) % 16)
    const clear = joined(content, mac, new Uint8Array(padding + 1).fill(padding))
    const iv = bytesOf(`vector ${sequence}`, 16)
    const cipher = createCipheriv(SEALING[this.suite].cipher as 'aes-128-cbc', key, iv).setAutoPadding(false)
    return joined(iv, cipher.update(clear), cipher.final())
  }
}

interface Keys {
  key: Uint8Array
  iv: Uint8Array
  mac: Uint8Array | null
}

/** A list with one certificate of no meaning. */
function certificates(tls13: boolean): Uint8Array {
  const one = opaque(600, 3)
  const entry = new ByteWriter().u8(0).u16(one.length).bytes(one).result()
  const list = tls13 ? joined(entry, Uint8Array.of(0, 0)) : entry
  return new ByteWriter().u8(0).u16(list.length).bytes(list).result()
}

function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = Uint8Array.from(iv)
  for (let at = 0; at < 4; at++) nonce[11 - at]! ^= (sequence >>> (8 * at)) & 0xff
  return nonce
}

function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = new TextEncoder().encode(`tls13 ${label}`)
  const info = joined(Uint8Array.of(length >> 8, length, name.length), name, Uint8Array.of(0, 1))
  return createHmac(hash, secret).update(info).digest().subarray(0, length)
}

function prf(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  let a: Uint8Array = seed
  for (let bytes = 0; bytes < length; bytes += blocks.at(-1)!.length) {
    a = createHmac(hash, secret).update(a).digest()
    blocks.push(createHmac(hash, secret).update(a).update(seed).digest())
  }
  return joined(...blocks).subarray(0, length)
}

/** Bytes that are as good as random, and always the same. */
export function bytesOf(label: string, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let index = 0; index * 32 < length; index++)
    blocks.push(createHash('sha256').update(`${label} ${index}`).digest())
  return joined(...blocks).subarray(0, length)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
