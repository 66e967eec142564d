import type { SessionReport } from '../contract.js'
import { safeJson } from './safe-json.js'
import { inOrder, type Numbered, numbersOf } from '../summary/session-order.js'

/** What encodes UTF-8: a `TextEncoder`, which Node and browsers have. */
export interface Utf8Encoder {
  encode(text: string): Uint8Array
  encodeInto(text: string, into: Uint8Array): { written: number }
}

/** Bytes of one block of memory: room for many sessions, with little waste. */
const BLOCK = 1 << 20
/** UTF-8 takes up to three bytes per code unit of a string. */
const MOST_BYTES = 3

/**
 * Sessions as JSON in UTF-8: 6 KB each where their objects take 20 KB, and invisible to the garbage collector. Final
 * ids are known only when all sessions are sorted by their first frame, so the text is stored without them.
 */
export class JsonStore {
  readonly #utf8: Utf8Encoder
  readonly #sessions: (Numbered & { text: Uint8Array | null })[] = []
  #size = 0
  #block = new Uint8Array(BLOCK)
  #used = 0
  #numberOf: ((id: number) => number) | null = null

  constructor(utf8: Utf8Encoder) {
    this.#utf8 = utf8
  }

  /** Takes the next session that ended. */
  add(session: SessionReport): void {
    const { id, firstFrame } = session
    this.#sessions.push({ id, firstFrame, text: this.#kept(textAfterId(session)) })
    this.#size++
    this.#numberOf = null
  }

  /** A session without text, for the numbers of the others. */
  leaveOut({ id, firstFrame }: Numbered): void {
    this.#sessions.push({ id, firstFrame, text: null })
    this.#numberOf = null
  }

  /** Number of sessions with text. */
  get size(): number {
    return this.#size
  }

  /** The id under which a session is reported: from 1 in the order of first frames. */
  idOf(id: number): number {
    this.#numberOf ??= numbersOf(this.#sessions)
    return this.#numberOf(id)
  }

  /** All sessions with their final ids, with `separator` between them, in pieces of about a block. */
  *pieces(separator: string): Iterable<Uint8Array<ArrayBuffer>> {
    let piece = new Uint8Array(BLOCK)
    let used = 0
    let before = ''
    for (const [index, { text }] of inOrder(this.#sessions).entries()) {
      if (!text) continue
      const head = this.#utf8.encode(`${before}{"id":${index + 1}`)
      before = separator
      const length = head.length + text.length
      if (used + length > piece.length) {
        yield piece.subarray(0, used)
        piece = new Uint8Array(Math.max(BLOCK, length))
        used = 0
      }
      piece.set(head, used)
      piece.set(text, used + head.length)
      used += length
    }
    yield piece.subarray(0, used)
  }

  #kept(text: string): Uint8Array {
    const most = text.length * MOST_BYTES
    if (most > BLOCK) return this.#utf8.encode(text)
    if (this.#used + most > BLOCK) {
      this.#block = new Uint8Array(BLOCK)
      this.#used = 0
    }
    const start = this.#used
    this.#used += this.#utf8.encodeInto(text, this.#block.subarray(start)).written
    return this.#block.subarray(start, this.#used)
  }
}

/** The id is the first member. */
function textAfterId(session: SessionReport): string {
  const text = safeJson(session)
  return text.slice(text.indexOf(','))
}
