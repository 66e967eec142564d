import type { Exchange, Reply, Representation } from '../model.js'
import { isCompletion } from '../reply-codes.js'

interface StatedSize {
  bytes: number
  from: 'SIZE' | '150' | 'listing'
  frame: number
}

/** Paths remembered: clients ask for the size just before they download. */
const MAX_PATHS = 256
/** Longest text searched: in a reply to SIZE, which is a number, and in one to MLST. */
const MAX_SIZE_TEXT = 64
const MAX_TEXT = 4096

/** File sizes that the server stated before it sent the files. */
export class StatedSizes {
  readonly #byPath = new Map<string, StatedSize & { representation: Representation }>()

  /** The reply to SIZE (RFC 3659 §4) or MLST (§7.2), under the TYPE in force. */
  reply(exchange: Exchange, reply: Reply, representation: Representation): void {
    if (!isCompletion(reply.code) || exchange.argument === null) return
    // The digits of a number, or of a name, may go on.
    if (reply.clipped || exchange.clipped) return
    if (exchange.command === 'SIZE') {
      const digits = /^\s{0,8}(\d{1,15})\s*$/.exec(reply.text.slice(0, MAX_SIZE_TEXT))?.[1]
      if (digits !== undefined) this.#remember(exchange.argument, Number(digits), 'SIZE', reply, representation)
    } else if (exchange.command === 'MLST') {
      const digits = /(?:^|[\s;])size=(\d{1,15});/i.exec(reply.text.slice(0, MAX_TEXT))?.[1]
      if (digits !== undefined) this.#remember(exchange.argument, Number(digits), 'listing', reply, 'image')
    }
  }

  /** The known size of a path; under another TYPE the size is different (RFC 3659 §4.1). */
  of(path: string, representation: Representation): StatedSize | null {
    const known = this.#byPath.get(path)
    return known?.representation === representation ? known : null
  }

  /** Relative paths refer to other files from here on. */
  directoryChanged(): void {
    for (const path of this.#byPath.keys()) if (!path.startsWith('/')) this.#byPath.delete(path)
  }

  /** The file was overwritten. */
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
 * The size in a 150 or 125: `150 Opening BINARY mode data connection for x (69 bytes).` The last match counts, since
 * the file name comes first. Rounded sizes (`1234.5 kbytes`) do not count.
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

/** Characters searched at the end of a 150. */
const MAX_END = 512
const LENGTH = /\(\s?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})\s?bytes\)/iy
