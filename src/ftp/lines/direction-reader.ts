import { FROM_CLIENT, type PlaceInSegment } from '../model.js'
import type { Direction } from '../../tcp/connection.js'
import { LineSplitter, type Line } from './line-splitter.js'
import { HandshakeType, isTlsVersion, mayBeTlsRecord, RECORD_PROBE } from '../../tls/record-layer.js'
import { TlsRecords } from '../../tls/clear-records.js'
import type { RecordTap } from '../tls/decryption.js'

/** The content of one direction of the control connection, in order. */
export interface DirectionEvents {
  /**
   * `place` is `null` for a line that begins at the start of the segment that completes it, and for one that was
   * `encrypted` on the wire.
   */
  line(direction: Direction, line: Line, place: PlaceInSegment | null, encrypted: boolean): void
  /** TLS begins in this direction. */
  opaque(direction: Direction): void
  /** Clear text after TLS records (CCC, or a server that gives up TLS). */
  clear(direction: Direction): void
  /** As in `TlsRecordEvents`. */
  handshake(direction: Direction, type: number): void
  clientHello(direction: Direction, message: Uint8Array, cut: boolean): void
  serverHello(direction: Direction, message: Uint8Array): void
  alert(direction: Direction, level: number | null, description: number | null): void
  applicationData(direction: Direction, length: number): void
}

/** Bytes needed to distinguish the SSL 2.0 framing of a ClientHello from text. */
const SSL2_HELLO_PROBE = 5
/** Bytes needed to distinguish FTP from ciphertext: a verb's letters, or a reply code and its separator. */
const TEXT_PROBE = 4

/**
 * One direction of the control connection: lines, then perhaps TLS records, then perhaps lines again. No FTP line
 * begins with a TLS content type, so TLS is recognized at the start of any line, even if AUTH was not captured. What a
 * `RecordTap` decrypts of the records comes back as `decrypted`, and is read as lines, too.
 */
export class DirectionReader {
  readonly splitter: LineSplitter
  readonly #direction: Direction
  readonly #events: DirectionEvents
  readonly #fromClient: boolean
  readonly #tap: RecordTap | null
  /** Created when needed: most dialogues are clear text. */
  #tls: TlsRecords | null = null
  #mode: 'text' | 'record-probe' | 'records' | 'text-probe' = 'text'
  #probe: Uint8Array | null = null
  #probed = 0
  #probeOffset = 0
  /** The listener knows that TLS began. */
  #announced = false
  /** Stream offset of the current segment. */
  #segmentStart = 0
  /** End of the segment in which the open line began. */
  #firstSegmentEnd = 0
  /** The open line is decrypted text. */
  #decrypting = false
  /** Stream offset of the ciphertext with which it began. */
  #cipherStart = 0

  constructor(direction: Direction, lineBytes: number, events: DirectionEvents, tap: RecordTap | null = null) {
    this.#direction = direction
    this.#fromClient = direction === FROM_CLIENT
    this.splitter = new LineSplitter(lineBytes)
    this.#events = events
    this.#tap = tap
  }

  /** This side has completed its part of the TLS handshake. */
  get finished(): boolean {
    return this.#tls?.finished ?? false
  }

  /** Bytes held of an incomplete line. */
  get size(): number {
    return this.splitter.size
  }

  get isOpaque(): boolean {
    return this.#mode === 'records' || this.#mode === 'text-probe'
  }

  data(bytes: Uint8Array, from: number, to: number, frame: number, time: number, offset: number): void {
    this.#segmentStart = offset
    let at = from
    while (at < to) {
      switch (this.#mode) {
        case 'text':
          at = this.#text(bytes, at, to, frame, time, offset + at - from)
          break
        case 'records':
          at = this.#readRecords(bytes, at, to, frame, time)
          if (at < to) this.#startProbe('text-probe', offset + at - from)
          break
        case 'record-probe':
          this.#probe![this.#probed++] = bytes[at++]!
          this.#probeRecord(frame, time)
          break
        case 'text-probe':
          this.#probe![this.#probed++] = bytes[at++]!
          if (this.#probed === TEXT_PROBE) this.#probeText(frame, time)
          break
      }
    }
    const began = this.splitter.lineStart
    if (began >= offset) this.#firstSegmentEnd = offset + to - from
  }

  /** What was captured of an open line is emitted first. Returns whether there was one. */
  gap(length: number, tlsExpected: boolean): boolean {
    if (this.#mode === 'records') {
      this.#records.gap(length)
      this.#tap?.gap(this.#direction, length)
    } else if (this.#mode === 'text-probe') this.loseClearText()
    else if (tlsExpected) {
      // The hello itself is missing.
      this.loseClearText()
      this.#announce()
    } else {
      this.#mode = 'text'
      const line = this.splitter.gap()
      if (line) this.#emit(line)
      return line !== null
    }
    return false
  }

  /** The bytes are not text: look for TLS records, and report TLS once one is found. */
  loseClearText(): void {
    if (this.#mode !== 'text-probe') this.#tap?.begins(this.#direction)
    this.#mode = 'records'
    if (!this.#decrypting) this.splitter.flush()
    this.#records.lose()
    this.#tap?.gap(this.#direction, -1)
  }

  /** Text of a record that was completed by the segment with these stream offsets; -1 where they are not known. */
  decrypted(bytes: Uint8Array, frame: number, time: number, segmentStart: number, segmentEnd: number): void {
    let at = 0
    while (at < bytes.length) {
      if (this.splitter.atLineStart) {
        this.#decrypting = true
        this.#cipherStart = segmentStart
      }
      const line = this.splitter.next(bytes, at, bytes.length, frame, time, at)
      at = this.splitter.at
      if (line) this.#emitDecrypted(line, segmentEnd)
    }
  }

  /** Decrypted text is missing before what follows. Returns whether a line was open. */
  decryptedGap(segmentEnd: number): boolean {
    const line = this.splitter.gap()
    if (line) this.#emitDecrypted(line, segmentEnd)
    return line !== null
  }

  end(frame: number, time: number): void {
    if (this.#decrypting) this.#endDecrypted()
    if (this.#mode === 'record-probe') this.#giveProbe(frame, time)
    if (this.#mode !== 'text') return
    const line = this.splitter.flush()
    if (line) this.#emit(line)
  }

  #endDecrypted(): void {
    const line = this.splitter.flush()
    if (line) this.#emitDecrypted(line, this.#cipherStart)
    this.#decrypting = false
  }

  #emit(line: Line): void {
    this.#events.line(this.#direction, line, this.#placeOf(line.start), false)
  }

  #emitDecrypted(line: Line, end: number): void {
    this.#decrypting = false
    line.start = this.#cipherStart
    line.end = end
    this.#events.line(this.#direction, line, null, true)
  }

  #readRecords(bytes: Uint8Array, from: number, to: number, frame: number, time: number): number {
    const at = this.#records.read(bytes, from, to)
    // The listener learns that TLS began before what was decrypted of it.
    if (this.#records.aligned) this.#announce()
    this.#tap?.data(this.#direction, bytes, from, at, frame, time)
    return at
  }

  #placeOf(lineStart: number): PlaceInSegment | null {
    if (lineStart === this.#segmentStart) return null
    if (lineStart > this.#segmentStart) return { how: 'behind' }
    return { how: 'split', firstPart: Math.max(0, this.#firstSegmentEnd - lineStart) }
  }

  get #records(): TlsRecords {
    // Records found in apparent text begin TLS: the listener learns of that before their content.
    return (this.#tls ??= new TlsRecords({
      handshake: (type) => {
        this.#announce()
        this.#events.handshake(this.#direction, type)
      },
      clientHello: (message, cut) => {
        this.#events.clientHello(this.#direction, message, cut)
      },
      serverHello: (message) => {
        this.#events.serverHello(this.#direction, message)
      },
      alert: (level, description) => {
        this.#announce()
        this.#events.alert(this.#direction, level, description)
      },
      applicationData: (length) => {
        this.#announce()
        this.#events.applicationData(this.#direction, length)
      },
    }))
  }

  #announce(): void {
    if (this.#announced) return
    this.#announced = true
    this.#events.opaque(this.#direction)
  }

  #text(bytes: Uint8Array, at: number, to: number, frame: number, time: number, offset: number): number {
    if (this.splitter.atLineStart && this.#mayBeOpaque(bytes[at]!)) {
      this.#startProbe('record-probe', offset)
      return at
    }
    const line = this.splitter.next(bytes, at, to, frame, time, offset)
    const next = this.splitter.at
    if (line) this.#emit(line)
    return next
  }

  #mayBeOpaque(byte: number): boolean {
    return mayBeTlsRecord([byte], 1) || (this.#fromClient && mayBeSsl2Hello([byte], 1))
  }

  #startProbe(mode: 'record-probe' | 'text-probe', offset: number): void {
    this.#mode = mode
    this.#probe ??= new Uint8Array(SSL2_HELLO_PROBE)
    this.#probed = 0
    this.#probeOffset = offset
  }

  #probeRecord(frame: number, time: number): void {
    const probe = this.#probe!
    const record = mayBeTlsRecord(probe, this.#probed)
    const ssl2Hello = this.#fromClient && mayBeSsl2Hello(probe, this.#probed)
    if (!record && !ssl2Hello) this.#giveProbe(frame, time)
    else if (record && this.#probed === RECORD_PROBE) {
      this.#beginRecords()
      this.#readRecords(probe, 0, RECORD_PROBE, frame, time)
    } else if (ssl2Hello && this.#probed === SSL2_HELLO_PROBE) {
      this.#beginRecords()
      this.#events.handshake(this.#direction, HandshakeType.ClientHello)
      this.#records.skip((((probe[0]! & 0x7f) << 8) | probe[1]!) - (SSL2_HELLO_PROBE - 2))
      this.#tap?.gap(this.#direction, -1)
    }
  }

  #beginRecords(): void {
    this.#mode = 'records'
    this.#tap?.begins(this.#direction)
    this.#announce()
  }

  #probeText(frame: number, time: number): void {
    const text = String.fromCharCode(...this.#probe!.subarray(0, TEXT_PROBE))
    if ((this.#fromClient ? /^[A-Za-z]{3}[A-Za-z \r]$/ : /^[1-6][0-9]{2}[ -]$/).test(text)) {
      this.#announced = false
      if (this.#decrypting) this.#endDecrypted()
      this.#tap?.leaves(this.#direction)
      this.#events.clear(this.#direction)
      this.#giveProbe(frame, time)
    } else this.loseClearText()
  }

  /** The probed bytes are text. */
  #giveProbe(frame: number, time: number): void {
    this.#mode = 'text'
    // The probe may contain line ends after its first byte: repeat until the splitter has taken all of it.
    let at = 0
    while (at < this.#probed) {
      const line = this.splitter.next(this.#probe!, at, this.#probed, frame, time, this.#probeOffset + at)
      at = this.splitter.at
      if (line) this.#emit(line)
    }
    this.#probed = 0
  }
}

/** SSL 2.0 framing of a ClientHello for SSL 3.0 or TLS (RFC 5246 appendix E.2), as sent by old clients. */
function mayBeSsl2Hello(bytes: ArrayLike<number>, length: number): boolean {
  if (length > 0 && (bytes[0]! & 0x80) === 0) return false
  // Real hellos are not longer, and UTF-8 lead bytes start at 0xc2.
  if (length > 0 && bytes[0]! > 0x81) return false
  if (length > 2 && bytes[2] !== HandshakeType.ClientHello) return false
  return isTlsVersion(bytes, 3, length)
}
