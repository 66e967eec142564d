import type { LineEnd, Reply } from './model.js'
import { isPreliminary } from './reply-codes.js'

/** Result of a reply line. */
export type ReplyEvent =
  | { kind: 'reply'; reply: Reply }
  /** A line that is not a reply, outside a multi-line reply. */
  | { kind: 'invalid'; line: string; frame: number; time: number }
  /** Readable, but not as RFC 959 §4.2 writes it. */
  | { kind: 'sloppy'; what: string; frame: number }
  /** The reply has more text than is kept. */
  | { kind: 'cut'; frame: number }

interface ReplyLine {
  text: string
  frame: number
  time: number
  lineEnd: LineEnd
  clipped: boolean
}

interface Open {
  code: number
  lines: string[]
  length: number
  cut: boolean
  /** A line so far ended in LF without CR. */
  bareLineFeed: boolean
  /** The client sent a command since: it may have taken the reply as complete. */
  commandSince: boolean
}

/** Lines held back at a time. */
const MAX_DOUBTFUL = 32

/** The code of `220 x`, `220-x`, `220`, and the sloppy `220x`; 0 for other lines. */
function codeOf(line: string): number {
  const first = line.charCodeAt(0) - ZERO
  const second = line.charCodeAt(1) - ZERO
  const third = line.charCodeAt(2) - ZERO
  // Beyond the end of a line there is NaN, which is no digit.
  const coded = first >= 1 && first <= 6 && isDigit(second) && isDigit(third) && !isDigit(line.charCodeAt(3) - ZERO)
  return coded ? first * 100 + second * 10 + third : 0
}

const ZERO = 48

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9
}

const NO_END = 'a multi-line reply has no end'
const ANOTHER_CODE = 'a multi-line reply ends with another code'

/** Memory of a line besides its characters. */
const LINE_BYTES = 48

/**
 * Assembles replies from lines (RFC 959 §4.2): `code-` begins a multi-line reply, `code ` ends it, lines in between are
 * text. Some servers end with another code, omit the last line, or send text that begins with a number; so a line with
 * another code is held back until the following lines show which it was.
 */
export class ReplyAssembler {
  readonly #limit: number
  readonly #emit: (event: ReplyEvent) => void
  #open: Open | null = null
  /** Lines with another code inside a multi-line reply: text, or its end and the replies after it. */
  #doubtful: ReplyLine[] = []
  #lastLine: ReplyLine = { text: '', frame: 0, time: 0, lineEnd: 'crlf', clipped: false }
  /** Bytes are missing before the next line: lines without a code may be the text of a reply that began there. */
  #afterGap = false
  /** Code of the multi-line reply that a gap has ended, whose last lines may follow the gap; 0 without one. */
  #clippedCode = 0

  constructor(limit: number, emit: (event: ReplyEvent) => void) {
    this.#limit = limit
    this.#emit = emit
  }

  /** True inside a multi-line reply. */
  get isOpen(): boolean {
    return this.#open !== null
  }

  /** Approximate memory in bytes of the lines that are not handed on yet. */
  get size(): number {
    let size = this.#open === null ? 0 : this.#open.length + LINE_BYTES * this.#open.lines.length
    for (const { text } of this.#doubtful) size += text.length + LINE_BYTES
    return size
  }

  /** A line; `clipped` if its end was not captured. */
  line(text: string, frame: number, time: number, lineEnd: LineEnd, clipped = false): void {
    const line: ReplyLine = { text, frame, time, lineEnd, clipped }
    const code = codeOf(text)
    const after = code === 0 ? '' : text.charAt(3)
    const separator = after === ' ' || after === '-' ? after : ''
    const rest = code === 0 ? text : text.slice(separator === '' ? 3 : 4)
    if (this.#afterGap && this.#isRemainder(code, separator)) return
    if (clipped && code === 0 && !this.#open) return
    if (this.#doubtful.length > 0) this.#resolve(code, separator)
    this.#place(line, code, separator, rest)
    this.#lastLine = line
  }

  /** The client sent a command: what it has read is complete. */
  commandSeen(): void {
    this.#closeByDoubtful()
    this.#clippedCode = 0
    if (this.#open) this.#open.commandSince = true
  }

  /** Reply bytes are missing: an open reply ends here, since its end is among them. */
  gap(): void {
    this.#closeByDoubtful()
    this.#afterGap = true
    if (!this.#open) return
    this.#clippedCode = this.#open.code
    this.#close(this.#lastLine, null, true)
  }

  /** No more lines: an open reply ends here. */
  end(): void {
    this.#closeByDoubtful()
    if (this.#open) this.#close(this.#lastLine, NO_END)
  }

  /** Whether a line after a gap belongs to a reply that began before it, or within it. */
  #isRemainder(code: number, separator: string): boolean {
    if (code === 0) return true
    const remainder = code === this.#clippedCode
    this.#afterGap = remainder && separator === '-'
    if (!this.#afterGap) this.#clippedCode = 0
    return remainder
  }

  #place(line: ReplyLine, code: number, separator: string, rest: string): void {
    if (this.#open) this.#inside(this.#open, line, code, separator, rest)
    else this.#outside(line, code, separator, rest)
  }

  #outside(line: ReplyLine, code: number, separator: string, rest: string): void {
    if (code === 0) {
      // Blank lines between replies are harmless.
      if (line.text.trim() !== '') {
        this.#emit({ kind: 'invalid', line: line.text, frame: line.frame, time: line.time })
      }
    } else if (separator === '-') this.#begin(line, code, rest)
    else {
      if (separator === '' && rest !== '') {
        this.#emit({ kind: 'sloppy', what: `no space after the code ${code}`, frame: line.frame })
      }
      // Without its separator it may have been the first line of several.
      if (line.clipped && separator === '') this.#clippedCode = code
      this.#emitReply(line, code, rest, line.lineEnd, { unfinished: false, clipped: line.clipped })
    }
  }

  #inside(open: Open, line: ReplyLine, code: number, separator: string, rest: string): void {
    if (line.lineEnd === 'lf') open.bareLineFeed = true
    if (code === open.code && (separator === '-' || separator === ' ' || rest === '')) {
      this.#add(open, rest)
      if (separator !== '-') this.#close(line, null)
      return
    }
    const coded = code !== 0 && (separator !== '' || rest === '')
    // Another reply: the client went on, or this completes what a preliminary reply began.
    if (coded && (open.commandSince || (isPreliminary(open.code) && !isPreliminary(code)))) {
      this.#close(this.#lastLine, NO_END)
      this.#outside(line, code, separator, rest)
    } else if (coded && separator !== '-') this.#doubtful.push(line)
    else this.#add(open, line.text)
  }

  #begin({ lineEnd }: ReplyLine, code: number, rest: string): void {
    this.#open = { code, lines: [], length: 0, cut: false, bareLineFeed: lineEnd === 'lf', commandSince: false }
    this.#add(this.#open, rest)
  }

  #add(open: Open, text: string): void {
    const room = this.#limit - open.length
    // Each line counts as at least one character, which bounds the number of lines too.
    if (room <= 0) open.cut = true
    else {
      open.lines.push(text.slice(0, room))
      open.length += text.length + 1
      if (text.length > room) open.cut = true
    }
  }

  /** Text of the open reply if its own code or free text follows; its end if another multi-line reply begins. */
  #resolve(code: number, separator: string): void {
    if (code === 0 || code === this.#open!.code) {
      for (const line of this.#doubtful) this.#add(this.#open!, line.text)
      this.#doubtful = []
    } else if (separator === '-' || this.#doubtful.length >= MAX_DOUBTFUL) this.#closeByDoubtful()
  }

  #closeByDoubtful(): void {
    const [closer, ...others] = this.#doubtful
    if (!closer) return
    this.#doubtful = []
    this.#add(this.#open!, closer.text.slice(4))
    this.#close(closer, ANOTHER_CODE)
    for (const line of others) this.#outside(line, Number(line.text.slice(0, 3)), ' ', line.text.slice(4))
  }

  #close(line: ReplyLine, sloppy: string | null, clipped = false): void {
    const open = this.#open!
    this.#open = null
    if (open.cut) this.#emit({ kind: 'cut', frame: line.frame })
    if (sloppy !== null) this.#emit({ kind: 'sloppy', what: `${sloppy} (${open.code})`, frame: line.frame })
    const lineEnd = open.bareLineFeed ? 'lf' : line.lineEnd
    this.#emitReply(line, open.code, open.lines.join('\n'), lineEnd, {
      unfinished: sloppy === NO_END,
      clipped: clipped || line.clipped,
    })
  }

  #emitReply(
    { frame, time }: ReplyLine,
    code: number,
    text: string,
    lineEnd: LineEnd,
    { unfinished, clipped }: Pick<Reply, 'unfinished' | 'clipped'>,
  ): void {
    const preliminary = isPreliminary(code)
    this.#emit({ kind: 'reply', reply: { frame, time, code, text, preliminary, lineEnd, unfinished, clipped } })
  }
}
