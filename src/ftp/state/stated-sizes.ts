import type { Exchange, Reply, Representation } from '../model.js'
import { isCompletion } from '../reply-codes.js'

interface StatedSize {
  bytes: number
  from: 'SIZE' | '150' | 'listing'
  frame: number
}

/** Paths remembered: clients ask just before they fetch. */
const MAX_PATHS = 256
/** Longest text that is searched: of a reply to SIZE, which is a number, and of one to MLST. */
const MAX_SIZE_TEXT = 64
const MAX_TEXT = 4096

/** What the server said about the length of files, before it sent them. */
export class StatedSizes {
  readonly #byPath = new Map<string, StatedSize & { representation: Representation }>()

  /** The reply to SIZE (RFC 3659 §4) or MLST (§7.2), under the TYPE in force. */
  reply(exchange: Exchange, reply: Reply, representation: Representation): void {
    if (!isCompletion(reply.code) || exchange.argument === null) return
    if (exchange.command === 'SIZE') {
      const digits = /^\s{0,8}(\d{1,15})\s*$/.exec(reply.text.slice(0, MAX_SIZE_TEXT))?.[1]
      if (digits !== undefined) this.#remember(exchange.argument, Number(digits), 'SIZE', reply, representation)
    } else if (exchange.command === 'MLST') {
      const digits = /(?:^|[\s;])size=(\d{1,15});/i.exec(reply.text.slice(0, MAX_TEXT))?.[1]
      if (digits !== undefined) this.#remember(exchange.argument, Number(digits), 'listing', reply, 'image')
    }
  }

  /** What is known of a path; a size asked under another TYPE is another number (RFC 3659 §4.1). */
  of(path: string, representation: Representation): StatedSize | null {
    const known = this.#byPath.get(path)
    return known?.representation === representation ? known : null
  }

  /** Relative paths mean other files from here. */
  directoryChanged(): void {
    for (const path of this.#byPath.keys()) if (!path.startsWith('/')) this.#byPath.delete(path)
  }

  /** The file was written. */
  forget(path: string): void {
    this.#byPath.delete(path)
  }

  #remember(path: string, bytes: number, from: StatedSize['from'], reply: Reply, representation: Representation): void {
    this.#byPath.delete(path)
    this.#byPath.set(path, { bytes, from, frame: reply.frame, representation })
    if (this.#byPath.size > MAX_PATHS) this.#byPath.delete(this.#byPath.keys().next().value!)
  }
}

/**
 * The length that a 150 or 125 names: `150 Opening BINARY mode data connection for x (69 bytes).`, the last such words, since the
 * name of the file comes first. Rounded lengths (`1234.5 kbytes`) are none.
 */
export function bytesOf150(text: string): number | null {
  const from = Math.max(0, text.length - MAX_END)
  for (let at = text.lastIndexOf('('); at >= from; at = text.lastIndexOf('(', at - 1)) {
    LENGTH.lastIndex = at
    const digits = LENGTH.exec(text)?.[1]
    if (digits !== undefined) return Number(digits.replaceAll(',', ''))
    if (at === 0) break
  }
  return null
}

/** Characters at the end of a 150 that are searched. */
const MAX_END = 512
const LENGTH = /\(\s?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})\s?bytes\)/iy
