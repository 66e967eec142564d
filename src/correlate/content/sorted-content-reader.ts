import type { Chunk } from '../../tcp/assembler.js'
import { Direction, opposite } from '../../tcp/connection.js'
import type { TlsFacts } from '../../tls/tls-facts.js'
import { ClearContentReader } from './clear-content-reader.js'
import type { ContentReader, ContentSink, DataContent } from './data-content.js'
import { UndecidedBytes } from './undecided-bytes.js'

type Form = 'unknown' | 'tls' | 'clear'

/**
 * Hands all content of a data connection to a sink, in a session that uses TLS: the connection may be under TLS or not.
 * A file may begin like a record; but TLS begins with hellos in both directions, and a file is sent in one. So bytes that
 * may be TLS wait until the other direction has begun, or until there are enough of them to see whether record follows
 * record.
 */
export class SortedContentReader implements ContentReader {
  readonly #reader: ContentReader
  readonly #clear: ClearContentReader
  readonly #kept: { bytes: number }
  readonly #undecided: readonly [UndecidedBytes, UndecidedBytes] = [new UndecidedBytes(), new UndecidedBytes()]
  readonly #forms: [Form, Form] = ['unknown', 'unknown']
  #counted = 0
  #ended = false

  /** `reader` reads TLS, and hands what it decrypts to the same sink. */
  constructor(reader: ContentReader, sink: ContentSink, kept: { bytes: number }) {
    this.#reader = reader
    this.#clear = new ClearContentReader(sink)
    this.#kept = kept
  }

  get isDone(): boolean {
    return this.#ended || (this.#forms.every((form) => form === 'tls') && this.#reader.isDone)
  }

  get tls(): Readonly<TlsFacts> | null {
    return this.#reader.tls
  }

  get content(): DataContent | null {
    return this.#reader.content
  }

  bytes(direction: Direction, chunk: Chunk): void {
    const form = this.#forms[direction]
    if (form === 'unknown') {
      this.#undecided[direction].add(chunk)
      this.#decide(false)
    } else this.#readerOf(form).bytes(direction, chunk)
  }

  gap(direction: Direction, length: number, frame: number, time: number): void {
    const undecided = this.#undecided[direction]
    if (this.#forms[direction] === 'unknown') {
      if (undecided.length === 0) {
        undecided.missing += length
        return
      }
      this.#settle(direction, this.#formOf(direction, true))
    }
    this.#readerOf(this.#forms[direction]).gap(direction, length, frame, time)
  }

  end(): void {
    if (this.#ended) return
    this.#decide(true)
    this.#ended = true
    this.#reader.end()
  }

  release(): void {
    this.end()
    this.#reader.release()
  }

  #readerOf(form: Form): ContentReader {
    return form === 'tls' ? this.#reader : this.#clear
  }

  /** `isEnd`: no more bytes will come. */
  #decide(isEnd: boolean): void {
    const inOrder = [Direction.FromInitiator, Direction.FromResponder].sort(
      (a, b) => this.#undecided[a].firstFrame - this.#undecided[b].firstFrame,
    )
    const forms = inOrder.map((direction) => this.#formOf(direction, isEnd))
    for (const [index, direction] of inOrder.entries()) this.#settle(direction, forms[index]!)
    this.#count()
  }

  #formOf(direction: Direction, isEnd: boolean): Form {
    const form = this.#forms[direction]
    const undecided = this.#undecided[direction]
    if (form !== 'unknown' || (undecided.length === 0 && !isEnd)) return form
    const begins = undecided.beginsTls
    if (begins === false) return 'clear'
    const other = opposite(direction)
    const isUnsure = begins === null && undecided.missing === 0
    if (!isUnsure && (this.#forms[other] === 'tls' || this.#undecided[other].beginsTls === true)) return 'tls'
    if (undecided.missing > 0 && this.#forms[other] === 'clear') return 'clear'
    if (!isEnd && !undecided.isFull) return 'unknown'
    return undecided.areRecords ? 'tls' : 'clear'
  }

  #settle(direction: Direction, form: Form): void {
    if (form === this.#forms[direction]) return
    this.#forms[direction] = form
    this.#undecided[direction].handTo(this.#readerOf(form), direction)
  }

  #count(): void {
    const bytes = this.#undecided[0].size + this.#undecided[1].size
    this.#kept.bytes += bytes - this.#counted
    this.#counted = bytes
  }
}
