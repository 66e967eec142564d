import type { StandIns } from './stand-ins.js'

/** Letters and digits, characters outside of ASCII, and bytes that are not UTF-8 but for commands of Telnet. */
export const TOKEN =
  /(?:[A-Za-z0-9]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xef]|(?<!\xff)[\xf0-\xfe])+/g

/** A line that is being rewritten: what is not decided yet, and what takes its place. */
export class LineDraft {
  /** The line with one character for each byte. */
  readonly text: string
  /** As long as the line. */
  readonly bytes: Uint8Array
  readonly #decided: Uint8Array
  readonly #standIns: StandIns

  constructor(line: Uint8Array, standIns: StandIns) {
    this.text = latin1(line)
    this.bytes = line.slice()
    this.#decided = new Uint8Array(line.length)
    this.#standIns = standIns
  }

  isDecided(from: number, to: number): boolean {
    return this.#decided.subarray(from, to).some((decided) => decided === 1)
  }

  keep(from: number, to: number): void {
    this.#decided.fill(1, from, to)
  }

  put(from: number, text: string): void {
    for (let at = 0; at < text.length; at++) this.bytes[from + at] = text.charCodeAt(at)
    this.keep(from, from + text.length)
  }

  /** Replaces a word by its stand-in, but for the bytes that are kept. */
  replace(from: number, to: number, kept?: Uint8Array): void {
    const image = this.#standIns.word(this.bytes.slice(from, to))
    for (let at = from; at < to; at++) if (!kept?.[at - from]) this.bytes[at] = image[at - from]!
    this.keep(from, to)
  }

  /** Replaces all that is not decided as one secret. */
  replaceSecret(from: number, to: number): void {
    this.bytes.set(this.#standIns.secret(this.bytes.slice(from, to)), from)
    this.keep(from, to)
  }

  /** The words that are not decided. */
  *tokens(from = 0, to = this.text.length): Generator<{ from: number; to: number; word: string }> {
    for (const { index, 0: word } of this.text.slice(from, to).matchAll(TOKEN)) {
      const at = from + index
      if (!this.isDecided(at, at + word.length)) yield { from: at, to: at + word.length, word: word.toLowerCase() }
    }
  }
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}
