import { isStockWord } from '../../ftp/secrets/stock-words.js'
import type { Keyed } from './keyed.js'

const MAC_LENGTH = 6
const GROUP = 0x01
const LOCAL = 0x02
const LETTERS = 26
const DIGITS = 10
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const UPPER_A = 0x41
const UPPER_Z = 0x5a
const LOWER_A = 0x61
const LOWER_Z = 0x7a
const CASE = 0x20
/** Stand-ins that are remembered; they can be computed anew. */
const REMEMBERED = 65_536
const MOST_TRIES = 16

/** What replaces words and hardware addresses: the same for the same, as long as what it replaces. */
export class StandIns {
  readonly #keyed: Keyed
  readonly #words = new Map<string, Uint8Array>()
  readonly #macs = new Map<string, Uint8Array>()

  constructor(keyed: Keyed) {
    this.#keyed = keyed
  }

  /**
   * The stand-in of a word: letters for letters in the same case, digits for digits, characters outside of ASCII
   * for such of as many bytes, bytes that are not UTF-8 for such. Another case of the word has the same letters.
   * It is no word of servers.
   */
  word(word: Uint8Array): Uint8Array {
    const key = String.fromCharCode(...word)
    let known = this.#words.get(key)
    if (known) return known
    const folded = word.map((byte) => (isUpper(byte) ? byte | CASE : byte))
    known = this.#folded(folded).map((byte, at) => (isUpper(word[at]!) ? byte & ~CASE : byte))
    if (this.#words.size >= REMEMBERED) this.#words.clear()
    this.#words.set(key, known)
    return known
  }

  /** The stand-in of a secret: letters for all that is visible, so that not even its form stays; blanks stay. */
  secret(secret: Uint8Array): Uint8Array {
    const drawn = this.#keyed.bytes('secret', secret, secret.length)
    const image = imageOf(secret, drawn)
    return image.map((byte, at) => (byte > SPACE && byte < DEL ? LOWER_A + (drawn[at]! % LETTERS) : byte))
  }

  /** Bytes in place of others, as many. */
  blind(bytes: Uint8Array): Uint8Array {
    return this.#keyed.bytes('bytes', bytes, bytes.length)
  }

  /** The stand-in of a hardware address: locally administered, of the same kind; zero and broadcast stay. */
  mac(mac: Uint8Array): Uint8Array {
    if (mac.every((byte) => byte === 0) || mac.every((byte) => byte === 0xff)) return mac.slice()
    const key = String.fromCharCode(...mac)
    let known = this.#macs.get(key)
    if (known) return known
    known = this.#keyed.bytes('mac', mac, MAC_LENGTH)
    known[0] = (known[0]! & ~(GROUP | LOCAL)) | LOCAL | (mac[0]! & GROUP)
    if (this.#macs.size >= REMEMBERED) this.#macs.clear()
    this.#macs.set(key, known)
    return known
  }

  /** Replaces the hardware address at `at`, as far as it ends before `end`. */
  macAt(bytes: Uint8Array, at: number, end: number): void {
    if (at + MAC_LENGTH <= end) bytes.set(this.mac(bytes.slice(at, at + MAC_LENGTH)), at)
    else bytes.fill(0, Math.min(at, end), end)
  }

  #folded(folded: Uint8Array): Uint8Array {
    let image: Uint8Array = folded
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      image = imageOf(folded, this.#keyed.bytes(`word ${attempt}`, folded, folded.length))
      const same = image.every((byte, at) => byte === folded[at])
      if (!same && !isStockWord(String.fromCharCode(...image))) return image
    }
    return image
  }
}

function isUpper(byte: number): boolean {
  return byte >= UPPER_A && byte <= UPPER_Z
}

/** Each character replaced by one of its kind. */
function imageOf(word: Uint8Array, drawn: Uint8Array): Uint8Array {
  const image = word.slice()
  for (let at = 0; at < word.length;) {
    const length = utf8Length(word, at)
    if (length === 1) image[at] = imageOfByte(word[at]!, drawn[at]!)
    else image.set(characterOf(length, drawn[at]!, drawn[at + 1]!), at)
    at += length
  }
  return image
}

/** What is neither letter nor digit stays, and so does the byte before a command of Telnet. */
function imageOfByte(byte: number, drawn: number): number {
  if (byte >= LOWER_A && byte <= LOWER_Z) return LOWER_A + (drawn % LETTERS)
  if (isUpper(byte)) return UPPER_A + (drawn % LETTERS)
  if (byte >= DIGIT_0 && byte <= DIGIT_9) return DIGIT_0 + (drawn % DIGITS)
  if (byte < FIRST_HIGH || byte === TELNET_COMMAND) return byte
  return byte < FIRST_LEAD ? LONE_TAIL : LONE_LEAD
}

const SPACE = 0x20
const DEL = 0x7f
const FIRST_HIGH = 0x80
const FIRST_LEAD = 0xc0
/** IAC (RFC 854). */
const TELNET_COMMAND = 0xff
/** Bytes that are not UTF-8 next to what they stand for. */
const LONE_TAIL = 0xa4
const LONE_LEAD = 0xe9

/** Length of the character at `at`, 1 for a byte that begins none (RFC 3629 §4). */
function utf8Length(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1
  for (let tail = 1; tail < length; tail++) if ((bytes[at + tail] ?? 0) >> 6 !== 2) return 1
  return length
}

/** A letter with an accent, a Chinese character, or a pictogram. */
function characterOf(length: number, first: number, second: number): number[] {
  if (length === 2) return [0xc3, 0xa0 + (first % 0x17)]
  if (length === 3) return [0xe5, 0x80 | (first & 0x3f), 0x80 | (second & 0x3f)]
  return [0xf0, 0x9f, 0x98, 0x80 | (first & 0x3f)]
}
