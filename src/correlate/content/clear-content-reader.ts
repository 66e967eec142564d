import type { Chunk } from '../../tcp/assembler.js'
import type { Direction } from '../../tcp/connection.js'
import type { ContentReader, ContentSink } from './data-content.js'

/** Hands the payload of a data connection to a sink as it is: no session to which it may belong has used TLS. */
export class ClearContentReader implements ContentReader {
  readonly tls = null
  readonly content = null
  readonly #sink: ContentSink
  isDone = false

  constructor(sink: ContentSink) {
    this.#sink = sink
  }

  bytes(direction: Direction, { bytes, start, end, frame, time }: Chunk): void {
    this.#sink.content(direction, bytes.subarray(start, end), { frame, time })
  }

  gap(direction: Direction, length: number, frame: number, time: number): void {
    this.#sink.missing(direction, length, { frame, time })
  }

  end(): void {
    if (this.isDone) return
    this.isDone = true
    this.#sink.end()
  }

  release(): void {
    this.end()
  }
}
