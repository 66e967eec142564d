import type { AnomalyLog } from '../../bytes/anomaly.js'
import { decodeText } from '../../bytes/text.js'
import { failureText } from '../../ftp/tls/failure-text.js'
import type { Chunk } from '../../tcp/assembler.js'
import { Direction } from '../../tcp/connection.js'
import { HEAD } from '../../tcp/flow-facts.js'
import type { Place, TlsEvents } from '../../tls/events.js'
import { ContentType, mayBeTlsRecord, RECORD_PROBE } from '../../tls/record-layer.js'
import type { TlsContext } from '../../tls/tls-context.js'
import { TlsDecoder } from '../../tls/tls-decoder.js'
import type { TlsFacts } from '../../tls/tls-facts.js'
import type { ContentReader, ContentSink, DataContent, FlowContent } from './data-content.js'

/** Characters kept of clear text after TLS. */
const MAX_CLEAR = 256
/** Of a connection, beside its decoder: both heads. */
const READER_BYTES = 2 * HEAD + 1024

/**
 * Reads a data connection under TLS as far as anything looks at it: the first bytes of the content, its length, alerts.
 * Of bulk data only the lengths of records are read, unless a sink wants all of it. A connection in clear text is left
 * alone as soon as its first bytes show that.
 */
export class TlsContentReader implements ContentReader {
  readonly #context: TlsContext
  readonly #kept: { bytes: number }
  readonly #sink: ContentSink | null
  readonly #anomalies: AnomalyLog
  readonly #sides: readonly [ContentSide, ContentSide] = [new ContentSide(), new ContentSide()]
  #decoder: TlsDecoder | null = null
  #tls: Readonly<TlsFacts> | null = null
  #counted = 0
  #ended = false

  constructor(context: TlsContext, kept: { bytes: number }, sink: ContentSink | null, anomalies: AnomalyLog) {
    this.#context = context
    this.#kept = kept
    this.#sink = sink
    this.#anomalies = anomalies
  }

  get isDone(): boolean {
    if (this.#decoder) return this.#decoder.isDone
    return this.#ended || this.#sides.some(({ form }) => form === 'clear')
  }

  get tls(): Readonly<TlsFacts> | null {
    return this.#tls
  }

  get content(): DataContent | null {
    const tls = this.#tls
    if (!tls || tls.decryptedRecords[0] + tls.decryptedRecords[1] === 0) return null
    const [initiator, responder] = this.#sides
    return { flows: [initiator.described(tls, 0), responder.described(tls, 1)] }
  }

  bytes(direction: Direction, chunk: Chunk): void {
    const { bytes, end, frame, time } = chunk
    const from = chunk.start + this.#begun(direction, chunk)
    if (from < end && this.#sides[direction].form === 'tls') this.#read(direction, bytes, from, end, frame, time)
  }

  /** Reads the first bytes, as long as it is not known what they begin; returns how many of the chunk were among them. */
  #begun(direction: Direction, { bytes, start, end, frame, time }: Chunk): number {
    const side = this.#sides[direction]
    if (side.form !== 'unknown') return 0
    const began = side.probe(bytes, start, end)
    if (began === null) return end - start
    if (began.isTls) this.#read(direction, began.bytes, 0, began.bytes.length, frame, time)
    return began.taken
  }

  gap(direction: Direction, length: number): void {
    const side = this.#sides[direction]
    if (side.form === 'tls' && this.#decoder) this.#decoder.gap(direction, length)
    else if (side.form !== 'clear') side.missesBeginning()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#endTls()
    this.#sink?.end()
  }

  #endTls(): void {
    const decoder = this.#decoder
    if (!decoder) return
    decoder.end()
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      this.#sides[direction].cut = decoder.isInsideRecord(direction)
      if (decoder.endsInLoss(direction)) this.#sides[direction].skipped(null)
    }
    this.#decoder = null
    this.#count(0)
  }

  release(): void {
    this.end()
    this.#kept.bytes -= this.#counted
    this.#counted = 0
  }

  #read(direction: Direction, bytes: Uint8Array, from: number, to: number, frame: number, time: number): void {
    const side = this.#sides[direction]
    if (side.clearText) return
    const decoder = (this.#decoder ??= this.#begin())
    if (side.startsInside) {
      side.startsInside = false
      decoder.startsInside(direction)
    }
    let at = decoder.data(direction, bytes, from, to, frame, time)
    while (at < to) {
      if (isDigit(bytes[at]!)) {
        side.clearText = { frame, time, text: decodeText(bytes, at, Math.min(to, at + MAX_CLEAR)) }
        return
      }
      decoder.startsInside(direction)
      at = decoder.data(direction, bytes, at, to, frame, time)
    }
  }

  /** TLS begins. What the other direction began with was missing, or is yet to come. */
  #begin(): TlsDecoder {
    const decoder = new TlsDecoder(this.#context, this.#events(), null, this.#sink ? Infinity : HEAD)
    this.#tls = decoder.facts
    this.#decoder = decoder
    this.#count(decoder.size)
    return decoder
  }

  #count(decoderBytes: number): void {
    const bytes = decoderBytes + READER_BYTES
    this.#kept.bytes += bytes - this.#counted
    this.#counted = bytes
  }

  #events(): TlsEvents {
    const sink = this.#sink
    return {
      handshake: () => {
        if (this.#decoder) this.#count(this.#decoder.size)
      },
      application: (direction, bytes, place) => {
        this.#sides[direction].application(bytes, place)
        sink?.content(direction, bytes, place)
      },
      measured: (direction, length, missing, place) => {
        const side = this.#sides[direction]
        side.add(length, place)
        side.missing += missing
      },
      alert: (direction, _level, description, _encrypted, place) => {
        if (description === 0) this.#sides[direction].closeNotify ??= place
      },
      skipped: (direction, _records, place, content) => {
        this.#sides[direction].skipped(content)
        if (content !== 0) sink?.missing(direction, content, place)
      },
      opaque: (direction, type) => {
        if (type === ContentType.ApplicationData) this.#sides[direction].opaque = true
      },
      failed: (failure, { frame }) => {
        if (!this.#context.secrets.isEmpty)
          this.#anomalies.record(
            'tls-not-decrypted',
            frame,
            () => `ftp, data connection: TLS is not decrypted: ${failureText(failure)}`,
          )
      },
    }
  }
}

interface Beginning {
  isTls: boolean
  bytes: Uint8Array
  /** How many of them were in the latest chunk. */
  taken: number
}

/** One direction. */
class ContentSide {
  /** By its first bytes. */
  form: 'unknown' | 'tls' | 'clear' = 'unknown'
  /** Bytes are missing before those that are read first. */
  startsInside = false
  cut = false
  closeNotify: Place | null = null
  clearText: FlowContent['clearText'] = null
  /** Records since the last one that was opened stay unread. */
  opaque = false
  #bytes = 0
  /** Bytes that the capture lacks. */
  missing = 0
  #isUnknown = false
  #head: Uint8Array | null = null
  /** Nothing is missing before what follows. */
  #isWhole = true
  #first: Place | null = null
  #last: Place | null = null
  #probed = new Uint8Array(0)

  /** The first bytes: `null` while they do not show yet what follows; otherwise all so far. */
  probe(bytes: Uint8Array, from: number, to: number): Beginning | null {
    const taken = Math.min(to - from, RECORD_PROBE - this.#probed.length)
    const probed = new Uint8Array(this.#probed.length + taken)
    probed.set(this.#probed)
    probed.set(bytes.subarray(from, from + taken), this.#probed.length)
    this.#probed = probed
    if (!mayBeTlsRecord(probed, probed.length)) this.form = 'clear'
    else if (probed.length === RECORD_PROBE) this.form = 'tls'
    return this.form === 'unknown' ? null : { isTls: this.form === 'tls', bytes: probed, taken }
  }

  missesBeginning(): void {
    this.startsInside = true
    this.form = 'tls'
  }

  application(bytes: Uint8Array, place: Place): void {
    const had = this.#head?.length ?? 0
    if (had < HEAD && this.#isWhole) {
      const head = new Uint8Array(Math.min(HEAD, had + bytes.length))
      if (this.#head) head.set(this.#head)
      head.set(bytes.subarray(0, head.length - had), had)
      this.#head = head
    }
    this.add(bytes.length, place)
  }

  add(length: number, place: Place): void {
    this.#bytes += length
    this.#first ??= place
    this.#last = place
  }

  /** Records are missing that contained so much; `null` if that is not known. */
  skipped(content: number | null): void {
    this.opaque = false
    if (content !== 0) this.#isWhole = false
    if (content === null) this.#isUnknown = true
    else {
      this.#bytes += content
      this.missing += content
    }
  }

  described(tls: Readonly<TlsFacts>, direction: Direction): FlowContent {
    const unread = this.opaque && !isRefusedEarlyData(tls, direction)
    const known = tls.decryptedRecords[direction] > 0 && !this.#isUnknown && !unread
    return {
      bytes: known ? this.#bytes : null,
      missingBytes: this.missing,
      head: this.#head,
      firstData: this.#first,
      lastData: this.#last,
      closeNotify: this.closeNotify,
      cut: this.cut,
      clearText: this.clearText,
    }
  }
}

/** All that stays unread is 0-RTT data that the server passed over, so that the client sent it again. */
function isRefusedEarlyData(tls: Readonly<TlsFacts>, direction: Direction): boolean {
  const { client, earlyRecords, earlyDataAccepted, helloRetryRequest, opaqueRecords } = tls
  const refused = helloRetryRequest || earlyDataAccepted === false
  return direction === client && refused && opaqueRecords[direction] === earlyRecords
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
