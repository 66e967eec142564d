/** Words of a row: the latest file that it was seen in, and one more than its number there and where it began. */
const WORDS = 3
const LATEST = 1
const FIRST = 2

/**
 * Numbers of connections in the file that is being read, as `tcp.stream` has them when that file is opened alone:
 * connections that go on from the files before are counted where they appear. Keeps nothing in the first file, and
 * three words for each row in later ones.
 */
export class FileStreams {
  readonly #firstStream: number
  #file = 0
  /** Connections before the file, and of these the ones that have appeared in it. */
  #before: number
  #carried = 0
  #rows = new Int32Array(0)

  constructor(firstStream: number) {
    this.#firstStream = firstStream
    this.#before = firstStream
  }

  /** The next file begins, before which there were `streams` connections. */
  begin(streams: number): void {
    if (streams === this.#firstStream) return
    this.#file++
    this.#before = streams
    this.#carried = 0
  }

  /** A packet of a row's connection, when there were `streams` connections. */
  seen(row: number, streams: number): void {
    if (this.#file === 0) return
    const at = this.#at(row)
    if (this.#rows[at] === this.#file) return
    this.#rows[at] = this.#file
    this.#rows[at + LATEST] = 1 + streams - this.#before + this.#carried++
  }

  /** A row's connection begins, when there were `streams` connections: `stream`, which may be one of these. */
  started(row: number, stream: number, streams: number): void {
    if (this.#file === 0) return
    const at = this.#at(row)
    if (stream < this.#before) this.seen(row, streams)
    else {
      this.#rows[at] = this.#file
      this.#rows[at + LATEST] = 1 + stream - this.#before + this.#carried
    }
    this.#rows[at + FIRST] = this.#rows[at + LATEST]!
  }

  /** Number of a row's connection in the file where it began; `stream` is that in the whole input. */
  numberOf(row: number, stream: number): number {
    const first = this.#rows[row * WORDS + FIRST] ?? 0
    return first > 0 ? first - 1 : stream - this.#firstStream
  }

  #at(row: number): number {
    const at = row * WORDS
    if (at >= this.#rows.length) {
      const rows = new Int32Array(Math.max(1024 * WORDS, 2 * (at + WORDS)))
      rows.set(this.#rows)
      this.#rows = rows
    }
    return at
  }
}
