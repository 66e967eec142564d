import { escapeControls } from '../../bytes/text.js'
import { clipMiddle } from '../../report/text/display-width.js'
import { bytes, duration } from '../../report/text/units.js'
import type { OutputStream } from '../process-io.js'
import type { Input } from '../../input/input.js'
import { widthOf } from './width.js'

/** Milliseconds before anything is shown, and between two updates. */
const PATIENCE = 1000
const INTERVAL = 200

/** Progress of reading, in one line of a terminal that is overwritten and finally removed. */
export class Progress {
  readonly #stream: OutputStream | null
  readonly #now: () => number
  #input: Input | null = null
  #started = 0
  #shownAt = 0
  #visible = false

  /** Shows nothing without a stream, or if the stream is not a terminal. `now` in milliseconds. */
  constructor(stream: OutputStream | null, now: () => number = () => performance.now()) {
    this.#stream = stream?.isTTY ? stream : null
    this.#now = now
  }

  start(input: Input): void {
    this.#input = input
    this.#started = this.#now()
    this.#shownAt = this.#started + PATIENCE - INTERVAL
  }

  /** Some of the input was read. */
  update(): void {
    if (!this.#stream || !this.#input) return
    const now = this.#now()
    if (now - this.#shownAt < INTERVAL) return
    this.#shownAt = now
    this.#visible = true
    const name = clipMiddle(escapeControls(this.#input.path), WIDEST_NAME)
    const line = `${name}  ${facts(this.#input, now - this.#started)}`
    this.#stream.write(`\r\u001b[K${clipMiddle(line, widthOf(this.#stream) - 1)}`)
  }

  /** Removes the line, so that something else can be written. */
  clear(): void {
    if (this.#visible) this.#stream?.write('\r\u001b[K')
    this.#visible = false
  }
}

const WIDEST_NAME = 30

/** Bytes, rate and, if the size is known, a bar and the time left; for a compressed file, its size on disk. */
function facts({ size, bytesRead }: Input, elapsed: number): string {
  const rate = bytesRead / Math.max(elapsed, 1)
  const speed = `${bytes(Math.round(rate * 1000))}/s`
  if (size === null || size < bytesRead || rate === 0) return `${bytes(bytesRead)}  ${speed}`
  const left = duration(Math.ceil((size - bytesRead) / rate / 1000) * 1000)
  const share = bytesRead / size
  return `${bar(share)} ${Math.floor(100 * share)} % of ${bytes(size)}  ${speed}  ${left} left`
}

const BAR = 20

function bar(share: number): string {
  const done = Math.floor(share * BAR)
  return '█'.repeat(done) + '░'.repeat(BAR - done)
}
