import type { AddressMap } from './address-map.js'
import { ByteStore } from './byte-store.js'
import { CertificateNames } from './certificate-names.js'
import { wordsOfCommand } from './client-lines.js'
import { fileByte, keptOfHead } from './file-bytes.js'
import { latin1 } from './line-draft.js'
import { type LineKind, LineRewriter } from './line-rewriter.js'
import { rewrittenProxyHeader } from './proxy-header.js'
import { RecordWalk } from './record-walk.js'
import type { Role, Roles } from './roles.js'
import type { StandIns } from './stand-ins.js'
import { hasNullCipher, isRecord, rewrittenRecords } from './tls-records.js'

/** Of a data connection under TLS: room for the handshake. */
const LARGEST_HEAD = 65_536
/** Of a control connection or a listing. */
const LARGEST_TEXT = 4 * 1024 * 1024
/** Of all directions; what comes later is treated as the content of files. */
const LARGEST_TOTAL = 512 * 1024 * 1024
const HEAD = 16
const SSH = 'SSH-2.0-'
const TLS_BEGINNING = 6
/** Port of a control connection that became no session. */
const HANDSHAKE = 22

/** A TCP payload, or what an ICMP error quotes of one. */
export interface Payload {
  /** `packetKey` of its packet. */
  key: string
  ports: readonly [number, number]
  /** Sequence number of its first byte. */
  sequence: number
  bytes: Uint8Array
  from: number
  to: number
  /** On the wire. */
  length: number
  /** It opens the connection: the payload of its sender begins after it. */
  opens: boolean
}

interface Direction {
  role: Role
  store: ByteStore
  stored: number
  walk: RecordWalk | null
  /** The sequence number of the first byte, if that is known, and the first bytes. */
  first: number | null
  head: Uint8Array
  headSeen: number
}

export interface PayloadOptions {
  /** Ports of control connections. */
  ports: ReadonlySet<number>
  keepCertificates: boolean
}

/**
 * Rewrites what TCP connections carry, by position in their streams: all copies of a byte are rewritten alike, however
 * the stream was divided. All payloads are collected first, then rewritten.
 */
export class Payloads {
  readonly #roles: Roles
  readonly #options: PayloadOptions
  readonly #lines: LineRewriter
  readonly #names: CertificateNames
  readonly #addresses: AddressMap
  readonly #directions = new Map<string, Direction>()
  readonly #sent = new Set<string>()
  /** Keys of directions whose TLS records only have a MAC. */
  readonly #unencrypted = new Set<string>()
  #stored = 0
  /** Bytes of FTP that were too many to be held. */
  unheld = 0

  constructor(roles: Roles, options: PayloadOptions, standIns: StandIns, addresses: AddressMap) {
    this.#roles = roles
    this.#options = options
    this.#lines = new LineRewriter(standIns, addresses, this.#sent)
    this.#names = new CertificateNames(standIns, addresses)
    this.#addresses = addresses
  }

  /** Whether a packet belongs to a session, or may. */
  isFtp({ key, ports }: Pick<Payload, 'key' | 'ports'>): boolean {
    return this.#roleOf(key, ports) !== null
  }

  /** First, all payloads. */
  collect(payload: Payload): void {
    const { key, ports, sequence, bytes, from, to, length, opens } = payload
    const role = this.#roleOf(key, ports)
    if (role === null || role === 'other') return
    let direction = this.#directions.get(key)
    if (!direction) {
      const walk = role === 'records' ? new RecordWalk() : null
      direction = {
        role,
        store: new ByteStore(),
        stored: 0,
        walk,
        first: null,
        head: new Uint8Array(HEAD),
        headSeen: 0,
      }
      this.#directions.set(key, direction)
    }
    if (opens) {
      direction.first = sequence
      direction.headSeen = 0
    }
    if (to === from) return
    direction.first ??= sequence
    this.#head(direction, payload)
    const most = role === 'records' ? LARGEST_HEAD : role === 'file' ? 0 : LARGEST_TEXT
    direction.walk?.add(sequence, bytes.slice(from, to), length)
    if (direction.stored + to - from > most || this.#stored > LARGEST_TOTAL) {
      if (role !== 'records' && role !== 'file') this.unheld += to - from
      return
    }
    direction.stored += to - from
    this.#stored += direction.store.add(sequence, bytes, from, to)
  }

  /** Then, what is known of the streams is completed. */
  collected(): void {
    const { keepCertificates } = this.#options
    for (const [key, { role, store }] of this.#directions)
      if (role !== 'client' && role !== 'listing' && Array.from(store.runs()).some(({ bytes }) => hasNullCipher(bytes)))
        for (const each of [key, reversed(key)]) this.#unencrypted.add(each)
    for (const [key, { role, store, walk }] of this.#directions) {
      const rewriting = { names: this.#names, keepCertificates, isEncrypted: !this.#unencrypted.has(key) }
      walk?.end()
      for (const { sequence, bytes } of store.runs()) {
        if (role !== 'listing')
          for (const image of rewrittenRecords(bytes, rewriting))
            store.setImage((sequence + image.at) >>> 0, image.bytes)
        if (role !== 'client') continue
        const header = rewrittenProxyHeader(bytes, this.#addresses)
        if (header) store.setImage(sequence, header)
        for (const line of latin1(bytes).split('\n'))
          for (const word of wordsOfCommand(line)) if (word.length > 1) this.#sent.add(word)
      }
    }
  }

  /** Last, each payload is written to `out`, where it is at the same place. */
  rewrite(payload: Payload, out: Uint8Array): void {
    const { key, ports, from, to } = payload
    const role = this.#roleOf(key, ports)
    const direction = this.#directions.get(key)
    if (role === null) beginningOfOther(payload, out)
    else if (!direction || role === 'other') out.fill(0, from, to)
    else if (role === 'file') this.#file(direction, payload, out)
    else this.#stream(direction, payload, out)
  }

  #stream(direction: Direction, { key, sequence, bytes, from, to }: Payload, out: Uint8Array): void {
    const { store, role } = direction
    for (let at = from; at < to;) {
      const image = store.imageAt((sequence + at - from) >>> 0, bytes[at]!)
      if (image >= 0) {
        // Another byte than the one that was seen first has to stay another one.
        out[at] = image < 256 ? image : (image & 0xff) ^ 0xff
        at++
        continue
      }
      const start = (sequence + at - from) >>> 0
      const isText = store.isText(start)
      let end = at + 1
      for (; end < to; end++) {
        const next = (sequence + end - from) >>> 0
        if (store.isText(next) !== isText || store.imageAt(next, bytes[end]!) >= 0) break
      }
      const part = bytes.subarray(at, end)
      if (role === 'records' && !this.#unencrypted.has(key)) this.#records(direction, start, part, out, at)
      else if (isText && role !== 'records') out.set(this.#lines.segment(role as LineKind, store, start, part), at)
      else out.set(part.map(fileByte), at)
      at = end
    }
  }

  /** Of records beyond the handshake the encrypted content stays; what is not part of one is the content of a file. */
  #records({ walk }: Direction, sequence: number, bytes: Uint8Array, out: Uint8Array, at: number): void {
    const whole = walk!.covers((sequence + bytes.length) >>> 0)
    for (const [index, byte] of bytes.entries())
      out[at + index] = whole || walk!.covers((sequence + index + 1) >>> 0) ? byte : fileByte(byte)
  }

  #file(direction: Direction, { sequence, bytes, from, to }: Payload, out: Uint8Array): void {
    const kept = keptOfHead(direction.head.subarray(0, direction.headSeen))
    for (let at = from; at < to; at++) {
      const offset = direction.first === null ? Infinity : (sequence + at - from - direction.first) >>> 0
      out[at] = offset < kept ? bytes[at]! : fileByte(bytes[at]!)
    }
  }

  #head(direction: Direction, { sequence, bytes, from, to }: Payload): void {
    const offset = (sequence - direction.first!) >>> 0
    if (offset > direction.headSeen || offset >= HEAD) return
    const head = bytes.subarray(from, Math.min(to, from + HEAD - offset))
    if (offset + head.length <= direction.headSeen) return
    direction.head.set(head.subarray(direction.headSeen - offset), direction.headSeen)
    direction.headSeen = offset + head.length
  }

  #roleOf(key: string, [source, destination]: readonly [number, number]): Role | null {
    const known = this.#roles.get(key)
    if (known !== undefined) return known
    if (this.#options.ports.has(destination)) return 'client'
    return this.#options.ports.has(source) ? 'server' : null
  }
}

/** Of other traffic, no more than what says that it is SSH or TLS. */
function beginningOfOther({ bytes, from, to }: Payload, out: Uint8Array): void {
  out.fill(0, from, to)
  const beginning = bytes.subarray(from, Math.min(to, from + SSH.length))
  if (latin1(beginning) === SSH) out.set(beginning, from)
  else if (bytes[from] === HANDSHAKE && isRecord(bytes.subarray(from, to), 0))
    out.set(beginning.subarray(0, TLS_BEGINNING), from)
}

/** The key of the packets that go the other way. */
function reversed(key: string): string {
  const addresses = key.length - 2
  const half = addresses / 2
  return key.slice(half, addresses) + key.slice(0, half) + key[addresses + 1]! + key[addresses]!
}
