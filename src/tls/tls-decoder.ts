import { type Direction, opposite } from '../tcp/connection.js'
import type { Role } from './connection/epochs.js'
import { Handshakes } from './connection/handshakes.js'
import { HeldRecords } from './connection/held-records.js'
import { type Found, KeyFinder, reasonAgainst, reasonFor } from './connection/key-finder.js'
import type { Negotiation, TlsFailure } from './connection/negotiation.js'
import type { Opened, Opener } from './connection/opener.js'
import { lostContent, Sampling } from './connection/sampling.js'
import { Side, WHOLE, type WireRecord } from './connection/side.js'
import type { Place, TlsEvents } from './events.js'
import { ALERT_LENGTH, ContentType, HandshakeType, HEARTBEAT } from './record-layer.js'
import type { TlsContext } from './tls-context.js'
import type { TlsFacts } from './tls-facts.js'

/** Of a decoder with its keys. */
const DECODER_BYTES = 8 * 1024
/** Records of early data passed over. */
const MAX_EARLY = 4096
const MAX_ALERTS = 16

/**
 * Decrypts one TLS connection, TLS 1.0 to 1.3 (RFC 2246, 4346, 5246, 8446), with the secrets at hand. Takes the bytes
 * of both directions in order and in pieces of any size; a loss is told by `gap`. Plaintext is handed on only after its
 * tag or MAC was found right. Who is client is seen from the hellos.
 *
 * A record whose secret is not known yet is held, together with all that follow it in its direction, until the secret
 * comes, `end` is called, or `maxHeldBytes` is reached: then it is reported as opaque, and the reason by `failed`.
 */
export class TlsDecoder {
  readonly #context: TlsContext
  readonly #events: TlsEvents
  readonly #finder: KeyFinder
  readonly #sides: readonly [Side, Side]
  readonly #held: HeldRecords
  readonly #maxHeldBytes: number
  readonly #handshakes: Handshakes
  /** Version of the store when held records were last tried. */
  #storeVersion = 0
  /** Something was learned that held records may wait for. */
  #learned = false
  #place: Place = { frame: 0, time: 0 }
  #isDecrypted = false
  readonly #sampling: Sampling

  /**
   * `client`: the direction of the client where the caller knows it; hellos correct it. `wanted`: bytes of application
   * data of each direction that are to be decrypted; of what follows, only lengths are told.
   */
  constructor(context: TlsContext, events: TlsEvents, client: Direction | null = null, wanted = WHOLE) {
    this.#context = context
    context.tally.connections++
    this.#events = events
    this.#handshakes = new Handshakes(context, client)
    this.#finder = new KeyFinder(context)
    this.#maxHeldBytes = context.maxHeldBytes
    this.#held = new HeldRecords(context.heldBudget, this.#maxHeldBytes)
    const record = (each: WireRecord) => {
      this.#record(each)
    }
    this.#sampling = new Sampling(wanted)
    this.#sides = [this.#side(0, record), this.#side(1, record)]
  }

  #side(direction: Direction, record: (each: WireRecord) => void): Side {
    const wanted = (type: number, length: number): number => this.#wanted(this.#sides[direction], type, length)
    return new Side(direction, this.#context.budget, record, wanted)
  }

  /** What is known about the connection so far. */
  get facts(): Readonly<TlsFacts> {
    return this.#facts
  }

  /** Approximate memory in bytes, without what counts to the budget of all connections. */
  get size(): number {
    return DECODER_BYTES + this.#handshakes.size
  }

  /** The end of the last record of a direction is missing. */
  isInsideRecord(direction: Direction): boolean {
    return this.#sides[direction].reader.isInside
  }

  /** Bytes are missing, and no record after them shows how much content they had. */
  endsInLoss(direction: Direction): boolean {
    return this.#sides[direction].endsInLoss
  }

  /** What follows tells nothing more: nothing of it can be decrypted. */
  get isDone(): boolean {
    return this.#isHopeless && this.#sides.every(({ encrypted }) => encrypted)
  }

  /** No secret is known, and none can come. */
  get #isHopeless(): boolean {
    return this.#maxHeldBytes === 0 && this.#context.secrets.isEmpty
  }

  /** Bytes at the end of a record that are wanted. */
  #wanted(side: Side, type: number, length: number): number {
    if (!this.#isEncrypted(side, type)) return WHOLE
    const { opener, content } = side
    if (!opener && this.#isHopeless) return 0
    return this.#sampling.wanted(content, opener, type, length, this.#negotiation.suite)
  }

  /**
   * Reads bytes of a direction. Returns where it stopped: before `to` only at a record boundary, where something other
   * than a record begins, such as clear text after close_notify (CCC), or a server's last words.
   */
  data(direction: Direction, bytes: Uint8Array, from: number, to: number, frame: number, time: number): number {
    const side = this.#sides[direction]
    this.#place = side.place = { frame, time }
    this.#retry()
    return side.reader.read(bytes, from, to)
  }

  /** `length` bytes of a direction are missing from the capture. */
  gap(direction: Direction, length: number): void {
    const side = this.#sides[direction]
    side.place = this.#place
    this.#missing(side)
    side.gap(length)
  }

  /** The first bytes of a direction, an unknown number of them, were not captured. */
  startsInside(direction: Direction): void {
    const side = this.#sides[direction]
    this.#missing(side)
    side.lose()
  }

  /** What the other direction waits for may be among what is missing. */
  #missing(side: Side): void {
    side.lossy = true
    this.#learned = true
  }

  /** The connection is over: what still waits for a secret is given up. Frees all memory. */
  end(): void {
    this.#retry()
    this.#giveUpHeld()
    for (const side of this.#sides) side.end()
  }

  #record(record: WireRecord): void {
    if (this.#held.has(record.direction) || !this.#take(record)) this.#hold(record)
    if (this.#learned) this.#drain()
  }

  #hold(record: WireRecord): void {
    if (this.#held.add(record)) {
      this.#sampling.held(this.#sides[record.direction].content, record)
      return
    }
    this.#giveUpHeld()
    this.#giveUp(record)
  }

  #retry(): void {
    const { version } = this.#context.secrets
    if (version === this.#storeVersion) return
    this.#storeVersion = version
    this.#drain()
  }

  #drain(): void {
    do {
      this.#learned = false
      this.#held.release((record) => this.#take(record))
    } while (this.#mayGoOn)
  }

  get #mayGoOn(): boolean {
    return this.#learned && !this.#held.isEmpty
  }

  #giveUpHeld(): void {
    for (const record of this.#held.takeAll()) this.#giveUp(record)
  }

  #giveUp(record: WireRecord): void {
    if (this.#take(record)) return
    const side = this.#sides[record.direction]
    side.passed++
    this.#unread(side, record)
    this.#fail(reasonFor(this.#negotiation), record.place)
  }

  /** Reads a record; false if it must wait for a secret, or for the other direction's hello. */
  #take(record: WireRecord): boolean {
    const side = this.#sides[record.direction]
    if (record.mayMiss > 0) {
      this.#missing(side)
      side.messages.lost()
      if (side.opener) side.opener.lost(record.lostBytes, record.mayMiss)
      else side.mayMiss += record.mayMiss
      record.mayMiss = 0
    }
    if (!this.#isEncrypted(side, record.type)) {
      this.#clear(side, record)
      return true
    }
    if (!side.encrypted) {
      side.encrypted = true
      this.#learned = true
    }
    if (!side.opener) {
      const found = this.#isHopeless ? reasonFor(this.#negotiation) : this.#findKeys(side)
      if (found === 'wait') return false
      if ('kind' in found) {
        this.#fail(found, record.place)
        side.passed++
        this.#unread(side, record)
        return true
      }
      side.opener = found
    }
    this.#encrypted(side, record)
    return true
  }

  #isEncrypted(side: Side, type: number): boolean {
    if (type === ContentType.ApplicationData) return true
    // In TLS 1.3 all that is encrypted looks like application data (RFC 8446 §5.2).
    return !this.#isTls13 && (side.opener !== null || side.changed)
  }

  get #isTls13(): boolean {
    return this.#negotiation.isTls13 || this.#finder.isTls13
  }

  get #negotiation(): Negotiation {
    return this.#handshakes.negotiation
  }

  get #facts(): TlsFacts {
    return this.#handshakes.facts
  }

  #roleOf({ direction }: Side): Role | null {
    return this.#handshakes.roleOf(direction)
  }

  #findKeys(side: Side): Found {
    const negotiation = side.negotiation ?? this.#negotiation
    const other = this.#sides[opposite(side.direction)]
    // Early data comes before the ServerHello: as long as that may still come, it is waited for.
    const helloMayCome = this.#roleOf(side) === 'client' && !other.lossy && !other.encrypted
    const proven = (client: Direction) => {
      if (this.#handshakes.client === client) return
      this.#handshakes.client = client
      this.#learned = true
    }
    return this.#finder.find(negotiation, side, this.#roleOf(side), helloMayCome, proven)
  }

  #clear(side: Side, record: WireRecord): void {
    const { type, body, place } = record
    if (type === ContentType.ChangeCipherSpec) {
      this.#changeCipher(side)
      return
    }
    if (body === null) {
      this.#missing(side)
      side.messages.lost()
      this.#unread(side, record)
      return
    }
    // ChangeCipherSpec may be what was lost.
    if (side.lossy && !this.#isTls13 && this.#negotiation.serverHello && this.#opensAfterLoss(side, record, body))
      return
    if (type === ContentType.Handshake) this.#handshake(side, body, false, null, place)
    else if (type === ContentType.Alert && body.length === ALERT_LENGTH) this.#alert(side, body, false, place)
    else if (type !== HEARTBEAT) this.#unread(side, record)
  }

  #opensAfterLoss(side: Side, record: WireRecord, body: Uint8Array): boolean {
    const found = this.#findKeys(side)
    if (found === 'wait' || 'kind' in found) return false
    const opened = this.#finder.open(found, record, body, false)
    if (!opened) return false
    side.opener = found
    side.changed = true
    side.negotiation = this.#negotiation
    this.#opened(side, opened, record.place)
    return true
  }

  #encrypted(side: Side, record: WireRecord): void {
    const { type, body, place } = record
    const opener = side.opener!
    if (record.tail && this.#measure(side, opener, record, record.tail)) return
    if (body === null) {
      opener.pass(null)
      side.messages.lost()
      this.#unread(side, record)
      return
    }
    const mayBeEarly = this.#mayBeEarly(side)
    const opened = this.#finder.open(opener, record, body, mayBeEarly)
    if (opened) {
      side.content.account(record.start, record.end)
      this.#opened(side, opened, place)
      return
    }
    if (mayBeEarly) this.#facts.earlyRecords++
    else side.messages.lost()
    this.#unread(side, record)
    if (type === ContentType.ChangeCipherSpec) this.#changeCipher(side)
    else if (this.#finder.isExhausted(opener)) this.#fail(reasonAgainst(this.#negotiation), place)
  }

  /** A record of application data whose content is not wanted; false if its length tells nothing. */
  #measure(side: Side, opener: Opener, { length, count, start, end, place }: WireRecord, tail: Uint8Array): boolean {
    const content = side.content.padded ? null : (opener.proven?.contentLength(length, tail) ?? null)
    if (content === null) return false
    opener.measured(count, tail)
    side.content.account(start, end)
    this.#facts.measuredRecords[side.direction] += count
    this.#events.measured?.(side.direction, content * count, side.content.takeMissing(), place)
    return true
  }

  /** Records that a client sends under the keys of an earlier session, 0-RTT, stand before its handshake records. */
  #mayBeEarly(side: Side): boolean {
    const { opener } = side
    const early = this.#isTls13 && this.#negotiation.clientHello?.earlyData === true
    if (!early || this.#roleOf(side) !== 'client' || this.#facts.earlyRecords >= MAX_EARLY) return false
    return opener !== null && opener.isAtStart && opener.epoch === 'handshake'
  }

  #opened(side: Side, opened: Opened, place: Place): void {
    const { direction, content: state } = side
    const lost = state.takeLost()
    if (opened.skipped > 0) {
      side.messages.lost()
      this.#facts.skippedRecords[direction] += opened.skipped
      const proven = side.opener?.proven ?? null
      const isTls13 = this.#isTls13
      const mayBeMessages = isTls13 && state.decrypted === 0 && this.#roleOf(side) !== 'client'
      const content = lostContent(opened, lost, proven, { isTls13, mayBeMessages })
      this.#events.skipped(direction, opened.skipped, place, content)
    }
    if (opened.padded) state.padded = true
    if (opened.type === ContentType.ApplicationData) state.decrypted += opened.content.length
    this.#facts.decryptedRecords[direction]++
    if (!this.#isDecrypted) this.#context.tally.decrypted++
    this.#isDecrypted = true
    const { type, content } = opened
    if (type === ContentType.Handshake) this.#handshake(side, content, true, opened, place)
    else if (type === ContentType.Alert && content.length === ALERT_LENGTH) this.#alert(side, content, true, place)
    else if (type === ContentType.ApplicationData && content.length > 0)
      this.#events.application(direction, content, place)
    else if (type === ContentType.ChangeCipherSpec) this.#changeCipher(side)
  }

  #alert({ direction }: Side, body: Uint8Array, encrypted: boolean, place: Place): void {
    const [level, description] = [body[0]!, body[1]!]
    if (this.#facts.alerts.length < MAX_ALERTS)
      this.#facts.alerts.push({ frame: place.frame, time: place.time, direction, level, description, encrypted })
    this.#events.alert(direction, level, description, encrypted, place)
  }

  #changeCipher(side: Side): void {
    if (this.#isTls13) return
    side.opener = null
    side.changed = true
    side.passed = 0
    side.mayMiss = 0
    side.negotiation = this.#negotiation
    this.#learned = true
    this.#handshakes.changeCipher(side.direction)
  }

  #handshake(side: Side, content: Uint8Array, encrypted: boolean, opened: Opened | null, place: Place): void {
    for (const { type, body, whole } of side.messages.push(content)) {
      this.#learned = this.#handshakes.message(side.direction, type, body, whole, place) || this.#learned
      // The sender's keys change after these (RFC 8446 §4.4.4 and §4.6.3).
      if (opened && this.#isTls13) {
        if (type === HandshakeType.Finished && opened.epoch === 'handshake') side.opener?.advance()
        if (type === HandshakeType.KeyUpdate && opened.epoch === 'application') side.opener?.advance()
      }
      this.#events.handshake(side.direction, type, body, encrypted, place)
    }
  }

  #unread(side: Side, { type, length, place }: WireRecord): void {
    this.#facts.opaqueRecords[side.direction]++
    this.#events.opaque(side.direction, type, length, place)
  }

  #fail(failure: TlsFailure, place: Place): void {
    if (this.#facts.failures.some(({ kind }) => kind === failure.kind)) return
    this.#facts.failures.push(failure)
    this.#events.failed(failure, place)
  }
}
