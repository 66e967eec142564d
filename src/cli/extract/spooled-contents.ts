import type { ContentSink, WantContent } from '../../correlate/content/data-content.js'
import type { Session } from '../../correlate/model.js'
import type { Connection, Direction } from '../../tcp/connection.js'
import { type SessionContents, sessionContents } from '../../slice/files/session-contents.js'
import type { Spool, SpooledStream } from './spool.js'

/** Spools the contents of data connections, and knows which sessions they are of. */
export class SpooledContents {
  readonly #spool: Spool
  readonly #sinks = new Map<Connection, SpooledConnection>()
  /** By the first frame of the control connection. */
  readonly sessions = new Map<number, SessionContents<SpooledStream>>()

  constructor(spool: Spool) {
    this.#spool = spool
  }

  readonly content: WantContent = (connection) => {
    const sink = new SpooledConnection(this.#spool)
    this.#sinks.set(connection, sink)
    return sink
  }

  /** A session of one place of capture is over. */
  readonly ended = (session: Session): void => {
    const taken: SpooledConnection[] = []
    const contents = sessionContents(session, (connection, direction) => {
      const sink = this.#sinks.get(connection)
      if (!sink) return null
      taken.push(sink)
      return sink.take(direction)
    })
    for (const sink of taken) sink.dropRest()
    for (const { connection } of session.channels) if (connection) this.#sinks.delete(connection)
    if (contents.channels.length > 0) this.sessions.set(contents.firstFrame, contents)
  }

  /** A session was not chosen. */
  forget(firstFrame: number): void {
    for (const { content } of this.sessions.get(firstFrame)?.channels ?? []) if (content) this.#spool.drop(content)
    this.sessions.delete(firstFrame)
  }
}

/** Both directions of a data connection. */
class SpooledConnection implements ContentSink {
  readonly #spool: Spool
  readonly #streams: [SpooledStream | null, SpooledStream | null] = [null, null]

  constructor(spool: Spool) {
    this.#spool = spool
  }

  content(direction: Direction, bytes: Uint8Array): void {
    this.#spool.write((this.#streams[direction] ??= this.#spool.stream()), bytes)
  }

  missing(direction: Direction, length: number | null): void {
    this.#spool.missing((this.#streams[direction] ??= this.#spool.stream()), length)
  }

  end(): void {
    return
  }

  /** What a direction carried belongs to a transfer; `null` if it carried nothing. */
  take(direction: Direction): SpooledStream | null {
    const stream = this.#streams[direction]
    this.#streams[direction] = null
    return stream
  }

  /** What belongs to none is not needed. */
  dropRest(): void {
    for (const stream of this.#streams) if (stream) this.#spool.drop(stream)
  }
}
