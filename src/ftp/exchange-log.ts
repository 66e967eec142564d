import { shortCopy } from '../bytes/text.js'
import type { FtpLimits } from './limits.js'
import type { Dialogue, Exchange, Reply } from './model.js'

/** What was dropped because a session reached a limit. */
type Shortened = 'exchanges' | 'text'

/** The kind of an anomaly and its words. */
export function shortenedWords(what: Shortened, { exchanges }: FtpLimits): [kind: string, words: string] {
  if (what === 'exchanges')
    return ['ftp-exchanges-capped', `more than ${exchanges} exchanges; the rest of the session was dropped`]
  return ['ftp-text-capped', 'a session has too much text; later arguments and replies are truncated']
}

/** Approximate memory of an exchange besides its text, with its announcement and transfer. */
const EXCHANGE_BYTES = 1024

/** Keeps the exchanges of one session, in order and within its limits. */
export class ExchangeLog {
  readonly #list: Exchange[]
  readonly #limits: Pick<FtpLimits, 'exchanges' | 'sessionText' | 'shortText'>
  readonly #shortened: (what: Shortened) => void
  #textKept = 0
  #full = false

  constructor(
    list: Exchange[],
    limits: Pick<FtpLimits, 'exchanges' | 'sessionText' | 'shortText'>,
    shortened: (what: Shortened) => void,
  ) {
    this.#list = list
    this.#limits = limits
    this.#shortened = shortened
  }

  /** Approximate memory in bytes of all exchanges. */
  get size(): number {
    return this.#textKept + EXCHANGE_BYTES * this.#list.length
  }

  /** No more exchanges are accepted. */
  get full(): boolean {
    return this.#full
  }

  /** Adds an exchange; false when there are too many. */
  add(exchange: Exchange): boolean {
    const list = this.#list
    if (list.length < this.#limits.exchanges) {
      // A reply whose end was recognized late (a multi-line reply without its last line) goes before the commands sent
      // since.
      let at = list.length
      while (exchange.command === null && at > 0 && list[at - 1]!.frame > exchange.frame) at--
      if (at === list.length) list.push(exchange)
      else list.splice(at, 0, exchange)
      return true
    }
    this.#full = true
    this.#shortened('exchanges')
    return false
  }

  /** The exchange of an unsolicited reply; 120 and the 220 after it are one greeting. `null` if there are too many. */
  unsolicited(reply: Reply, encrypted: boolean): Exchange | null {
    const last = this.#list.at(-1)
    if (last?.command === null && last.replies.at(-1)?.preliminary) return last
    const exchange: Exchange = {
      frame: reply.frame,
      time: reply.time,
      command: null,
      argument: null,
      replies: [],
      lineEnd: 'crlf',
      clipped: false,
      form: 'plain',
      encrypted,
      streamStart: -1,
      streamEnd: -1,
    }
    return this.add(exchange) ? exchange : null
  }

  /** The text, truncated once the session has used up its budget. */
  keep(text: string): string {
    const kept = this.#textKept > this.#limits.sessionText ? shortCopy(text, this.#limits.shortText) : text
    this.#textKept += kept.length
    if (kept.length < text.length) this.#shortened('text')
    return kept
  }
}

/** Characters kept of a line without a code, more than a report shows: half of a secret would not be found. */
const KEPT_CHARACTERS = 1024

/** A line of the server without a code, as a dialogue keeps it. */
export function uncodedLine(
  { frame, time, line }: { frame: number; time: number; line: string },
  { exchanges }: Pick<Dialogue, 'exchanges'>,
): Dialogue['uncodedLine'] {
  const beforeReplies = exchanges.every(({ replies }) => replies.length === 0)
  return { frame, time, text: shortCopy(line, KEPT_CHARACTERS), beforeReplies }
}
