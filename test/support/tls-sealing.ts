import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { ByteWriter } from './byte-writer.js'
import { joined, record } from './tls-records.js'

/** What a cipher suite demands of whoever seals records with it. */
interface Suite {
  version: number
  code: number
  /** Node's name. */
  cipher: string
  /** Of HKDF, and of the PRF of TLS 1.2. */
  hash: 'sha256' | 'sha384'
  /** Bytes of the key, and of the tag. */
  key: number
  tag: number
  /** The hash of HMAC with AES-CBC, and whether it covers what is encrypted (RFC 7366). */
  mac?: 'sha1' | 'sha256' | 'sha384'
  encryptThenMac?: boolean
}

/** Cipher suites that records can be sealed with: each kind of protection of TLS 1.0 to 1.3. */
export const SEALING = {
  'tls13-aes128-gcm': { version: 0x304, code: 0x1301, cipher: 'aes-128-gcm', hash: 'sha256', key: 16, tag: 16 },
  'tls13-chacha20': { version: 0x304, code: 0x1303, cipher: 'chacha20-poly1305', hash: 'sha256', key: 32, tag: 16 },
  'tls12-aes256-gcm': { version: 0x303, code: 0xc030, cipher: 'aes-256-gcm', hash: 'sha384', key: 32, tag: 16 },
  'tls12-cbc-sha': {
    version: 0x303,
    code: 0xc013,
    cipher: 'aes-128-cbc',
    hash: 'sha256',
    key: 16,
    tag: 0,
    mac: 'sha1',
  },
  'tls13-aes256-gcm': { version: 0x304, code: 0x1302, cipher: 'aes-256-gcm', hash: 'sha384', key: 32, tag: 16 },
  'tls13-ccm': { version: 0x304, code: 0x1304, cipher: 'aes-128-ccm', hash: 'sha256', key: 16, tag: 16 },
  'tls13-ccm8': { version: 0x304, code: 0x1305, cipher: 'aes-128-ccm', hash: 'sha256', key: 16, tag: 8 },
  'tls12-chacha20': { version: 0x303, code: 0xcca8, cipher: 'chacha20-poly1305', hash: 'sha256', key: 32, tag: 16 },
  'tls12-ccm8': { version: 0x303, code: 0xc0af, cipher: 'aes-256-ccm', hash: 'sha256', key: 32, tag: 8 },
  'tls12-cbc-sha256-etm': {
    version: 0x303,
    code: 0xc027,
    cipher: 'aes-128-cbc',
    hash: 'sha256',
    key: 16,
    tag: 0,
    mac: 'sha256',
    encryptThenMac: true,
  },
  'tls12-cbc-sha384': {
    version: 0x303,
    code: 0xc028,
    cipher: 'aes-256-cbc',
    hash: 'sha384',
    key: 32,
    tag: 0,
    mac: 'sha384',
  },
  'tls11-cbc-etm': {
    version: 0x302,
    code: 0xc014,
    cipher: 'aes-256-cbc',
    hash: 'sha256',
    key: 32,
    tag: 0,
    mac: 'sha1',
    encryptThenMac: true,
  },
  'tls10-cbc': { version: 0x301, code: 0xc013, cipher: 'aes-128-cbc', hash: 'sha256', key: 16, tag: 0, mac: 'sha1' },
  'tls10-cbc-etm': {
    version: 0x301,
    code: 0xc014,
    cipher: 'aes-256-cbc',
    hash: 'sha256',
    key: 32,
    tag: 0,
    mac: 'sha1',
    encryptThenMac: true,
  },
} as const satisfies Record<string, Suite>
export type Sealing = keyof typeof SEALING

export function suiteOf(sealing: Sealing): Suite {
  return SEALING[sealing]
}

const MAC_BYTES = { sha1: 20, sha256: 32, sha384: 48 }
const BLOCK = 16
const DATA = 23
const TLS13 = 0x304
const TLS11 = 0x302

/** The keys of one direction; seals its records, which it numbers from 0. */
export class Sealer {
  readonly #suite: Suite
  readonly #key: Uint8Array
  readonly #macKey: Uint8Array
  /** Up to TLS 1.0 the last block of the record before. */
  #iv: Uint8Array
  #sequence = 0

  constructor(suite: Suite, key: Uint8Array, iv: Uint8Array, macKey: Uint8Array = new Uint8Array(0)) {
    this.#suite = suite
    this.#key = key
    this.#iv = iv
    this.#macKey = macKey
  }

  /** One record; `padding` is of TLS 1.3 (RFC 8446 §5.4). */
  seal(type: number, content: Uint8Array, padding = 0): Uint8Array {
    const sequence = this.#sequence++
    const { version, mac, cipher, tag } = this.#suite
    if (version === TLS13) {
      const inner = joined(content, Uint8Array.of(type), new Uint8Array(padding))
      const length = inner.length + tag
      const header = Uint8Array.of(DATA, 3, 3, length >> 8, length)
      return joined(header, this.#aead(nonceOf(this.#iv, sequence), header, inner))
    }
    const data = new ByteWriter().u32(0, sequence).u8(type).u16(version, content.length).result()
    if (mac) return record(type, this.#cbc(sequence, type, content), version)
    if (cipher.startsWith('chacha20'))
      return record(type, this.#aead(nonceOf(this.#iv, sequence), data, content), version)
    const explicit = new ByteWriter().u32(0, sequence).result()
    return record(type, joined(explicit, this.#aead(joined(this.#iv, explicit), data, content)), version)
  }

  #aead(nonce: Uint8Array, data: Uint8Array, text: Uint8Array): Uint8Array {
    const { cipher: name, tag } = this.#suite
    const cipher = createCipheriv(name as 'aes-128-ccm', this.#key, nonce, { authTagLength: tag })
    cipher.setAAD(data, { plaintextLength: text.length })
    return joined(cipher.update(text), cipher.final(), cipher.getAuthTag())
  }

  #cbc(sequence: number, type: number, content: Uint8Array): Uint8Array {
    const { version, mac, encryptThenMac } = this.#suite
    const sign = (bytes: Uint8Array) => {
      const header = new ByteWriter().u32(0, sequence).u8(type).u16(version, bytes.length).result()
      return createHmac(mac!, this.#macKey).update(header).update(bytes).digest()
    }
    const text = encryptThenMac ? content : joined(content, sign(content))
    const padding = BLOCK - 1 - (text.length % BLOCK)
    const clear = joined(text, new Uint8Array(padding + 1).fill(padding))
    const explicit = version >= TLS11
    const iv = explicit ? bytesOf(`vector ${sequence}`, BLOCK) : this.#iv
    const cipher = createCipheriv(this.#suite.cipher, this.#key, iv).setAutoPadding(false)
    const blocks = joined(cipher.update(clear), cipher.final())
    this.#iv = blocks.subarray(-BLOCK)
    const sealed = explicit ? joined(iv, blocks) : blocks
    return encryptThenMac ? joined(sealed, sign(sealed)) : sealed
  }
}

/** Of TLS 1.3, by a traffic secret (RFC 8446 §7.3). */
export function sealer13(suite: Suite, secret: Uint8Array): Sealer {
  const { hash, key } = suite
  return new Sealer(suite, expandLabel(hash, secret, 'key', key), expandLabel(hash, secret, 'iv', 12))
}

/** Of both ends up to TLS 1.2, by the master secret (RFC 5246 §6.3). */
export function sealers12(
  suite: Suite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { client: Sealer; server: Sealer } {
  const { version, key, cipher } = suite
  const mac = suite.mac ? MAC_BYTES[suite.mac] : 0
  const iv = suite.mac ? (version >= TLS11 ? 0 : BLOCK) : cipher.startsWith('chacha20') ? 12 : 4
  const seed = joined(new TextEncoder().encode('key expansion'), serverRandom, clientRandom)
  const block = prf(suite, master, seed, 2 * (mac + key + iv))
  let at = 0
  const take = (length: number) => block.subarray(at, (at += length))
  const [macs, keys, ivs] = [mac, key, iv].map((length) => [take(length), take(length)] as const)
  const end = (index: 0 | 1) => new Sealer(suite, keys![index], ivs![index], macs![index])
  return { client: end(0), server: end(1) }
}

function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = Uint8Array.from(iv)
  for (let at = 0; at < 4; at++) nonce[11 - at]! ^= (sequence >>> (8 * at)) & 0xff
  return nonce
}

export function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = new TextEncoder().encode(`tls13 ${label}`)
  const info = joined(Uint8Array.of(length >> 8, length, name.length), name, Uint8Array.of(0, 1))
  return createHmac(hash, secret).update(info).digest().subarray(0, length)
}

/** RFC 5246 §5, and before TLS 1.2 RFC 2246 §5: MD5 and SHA-1, each with half of the secret. */
function prf({ version, hash }: Suite, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  if (version > TLS11) return expand(hash, secret, seed, length)
  const half = Math.ceil(secret.length / 2)
  const md5 = expand('md5', secret.subarray(0, half), seed, length)
  const sha1 = expand('sha1', secret.subarray(-half), seed, length)
  return Uint8Array.from(sha1, (byte, at) => byte ^ md5[at]!)
}

function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
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
