import { CR, LF } from '../../bytes/ascii.js'
import { decodeText } from '../../bytes/text.js'
import { AFTER_IAC, IAC, NO_DATA, TelnetFilter } from './telnet.js'

/** A line of the control connection without its line end; overwritten by the next line of any connection. */
export interface Line {
  bytes: Uint8Array
  length: number
  /** Offsets in the direction's byte stream: of the first byte, and after the line end. */
  start: number
  end: number
  /** Frame and time of the bytes that completed the line. */
  frame: number
  time: number
  /** Ended in LF without CR. RFC 959 requires CRLF; most peers accept LF alone, strict inspection does not. */
  bareLineFeed: boolean
  /** Longer than the limit: only its beginning is here. */
  cut: boolean
  /** The stream ended before the line did. */
  unterminated: boolean
  /** The bytes after it were not captured: its end is missing. */
  clipped: boolean
  /** Bytes before it were not captured: it may be the end of another line. */
  afterGap: boolean
}

/** Room for a typical line. */
const FIRST_SCRATCH = 512
/** All lines are assembled here, as most arrive complete; one that waits for its end is copied out. */
let scratch = new Uint8Array(FIRST_SCRATCH)

/** The latest line, as it is handed on. */
const LINE: Line = {
  bytes: scratch,
  length: 0,
  start: 0,
  end: 0,
  frame: 0,
  time: 0,
  bareLineFeed: false,
  cut: false,
  unterminated: false,
  clipped: false,
  afterGap: false,
}

/** Longer lines are rare: their buffer is not kept for reuse. */
const LARGEST_SCRATCH = 64 * 1024
/** Engines keep arrays up to this size inside their own heap, where they are almost free. */
const FIRST_COPY = 64

/**
 * Splits one direction of the control connection into lines (RFC 959 §5.3.1: CRLF), independent of segmentation, and
 * removes Telnet commands. Keeps at most `limit` bytes of a line.
 */
export class LineSplitter {
  readonly #limit: number
  readonly telnet = new TelnetFilter()
  #buffer = scratch
  #length = 0
  #cut = false
  #lastWasCr = false
  #afterGap = false
  /** Stream offset of the open line; -1 between lines. */
  #start = -1
  #end = 0
  #frame = 0
  #time = 0
  /** Where `next` stopped. */
  at = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes of its buffer while a line is open. */
  get size(): number {
    return this.#start < 0 ? 0 : this.#buffer.length
  }

  /** True when the next byte begins a line. */
  get atLineStart(): boolean {
    return this.#start < 0
  }

  /** Stream offset at which the open line began; -1 between lines. */
  get lineStart(): number {
    return this.#start
  }

  /** What has been read of the open line; empty between lines. */
  get openText(): string {
    return decodeText(this.#buffer, 0, this.#length)
  }

  /**
   * Reads up to the end of a line, or of the bytes: up to `at`. `offset` is the stream offset of `bytes[from]`. Returns
   * the line if it is complete.
   */
  next(bytes: Uint8Array, from: number, to: number, frame: number, time: number, offset: number): Line | null {
    this.#frame = frame
    this.#time = time
    for (let at = from; at < to; at++) {
      const raw = bytes[at]!
      if (this.#start < 0) {
        this.#start = offset + at - from
        this.#buffer = scratch
      }
      let byte = raw
      if (raw === IAC || !this.telnet.plain) {
        byte = this.telnet.next(raw)
        if (byte === NO_DATA) continue
        if (byte >= AFTER_IAC) {
          this.#put(IAC)
          byte -= AFTER_IAC
        }
      }
      if (byte === LF) {
        this.#end = offset + at - from + 1
        this.at = at + 1
        return this.#finish('ended')
      }
      this.#put(byte)
    }
    this.#end = offset + to - from
    if (this.#start >= 0 && this.#buffer === scratch)
      this.#buffer = scratch.slice(0, Math.max(FIRST_COPY, this.#length))
    this.at = to
    return null
  }

  /** The rest of an incomplete line, when no more bytes come. */
  flush(): Line | null {
    const line = this.#length > 0 ? this.#finish('unterminated') : null
    this.#forget()
    return line
  }

  /** Bytes are missing here: returns what was captured of the open line; `null` between lines. */
  gap(): Line | null {
    const line = this.#length > 0 ? this.#finish('clipped') : null
    this.#forget()
    this.telnet.reset()
    this.#afterGap = true
    return line
  }

  #put(byte: number): void {
    // NVT text writes a CR that does not end a line as CR NUL (RFC 854).
    if (byte === 0 && this.#lastWasCr) {
      this.#lastWasCr = false
      return
    }
    this.#lastWasCr = byte === CR
    if (this.#length === this.#limit) {
      // The CR of the line end may be just past the limit.
      if (byte !== CR) this.#cut = true
      return
    }
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#limit, this.#buffer.length * 4))
      larger.set(this.#buffer)
      if (this.#buffer === scratch && larger.length <= LARGEST_SCRATCH) scratch = larger
      this.#buffer = larger
    }
    this.#buffer[this.#length++] = byte
  }

  #finish(how: 'ended' | 'unterminated' | 'clipped'): Line {
    const bareLineFeed = how === 'ended' && !this.#lastWasCr
    // Text that went through one ASCII conversion too many ends in CR CR LF.
    while (!this.#cut && this.#length > 0 && this.#buffer[this.#length - 1] === CR) this.#length--
    LINE.bytes = this.#buffer
    LINE.length = this.#length
    LINE.start = this.#start
    LINE.end = this.#end
    LINE.frame = this.#frame
    LINE.time = this.#time
    LINE.bareLineFeed = bareLineFeed
    LINE.cut = this.#cut
    LINE.unterminated = how === 'unterminated'
    LINE.clipped = how === 'clipped'
    LINE.afterGap = this.#afterGap
    this.#forget()
    return LINE
  }

  #forget(): void {
    this.#length = 0
    this.#start = -1
    this.#cut = false
    this.#lastWasCr = false
    this.#afterGap = false
  }
}
