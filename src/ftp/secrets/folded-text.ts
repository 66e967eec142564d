import { DEL } from '../../bytes/ascii.js'

/**
 * A text as secrets are compared: code points without letter case, in normal form D (UAX #15), without control
 * characters and those that nobody sees; `\xNN`, a byte that is not UTF-8 (`decodeText`), and `%NN` (RFC 3986 §2.1)
 * count as the character that Latin-1 has there. Each unit knows the part of the original that it comes from, so that a
 * hit can be cut out of it.
 */
export class FoldedText {
  readonly original: string
  readonly units: readonly number[]
  /** Where the part of each unit starts and ends in the original; `null` where units and characters correspond. */
  readonly #starts: readonly number[] | null
  readonly #ends: readonly number[] | null

  /** `joined`: line breaks and the blanks after them are left out. */
  constructor(original: string, joined = false) {
    this.original = original
    const units: number[] = []
    if (!joined && isPlain(original)) {
      for (let at = 0; at < original.length; at++) units.push(lowerCase(original.charCodeAt(at)))
      this.#starts = this.#ends = null
    } else {
      const starts: number[] = []
      const ends: number[] = []
      for (const { index, 0: cluster } of original.matchAll(joined ? CLUSTER_OR_BREAK : CLUSTER)) {
        if (joined && cluster.startsWith('\n')) continue
        for (const unit of foldCluster(cluster)) {
          units.push(unit)
          starts.push(index)
          ends.push(index + cluster.length)
        }
      }
      this.#starts = starts
      this.#ends = ends
    }
    this.units = units
  }

  /** Position in the original at which a unit's part starts; its length for the position after the last unit. */
  start(unit: number): number {
    if (unit >= this.units.length) return this.original.length
    return this.#starts?.[unit] ?? unit
  }

  /** Position in the original after the part of the unit before this position. */
  end(unit: number): number {
    return this.#ends?.[unit - 1] ?? unit
  }

  /** The first unit whose part starts at this position of the original or later. */
  unitAt(position: number): number {
    if (this.#starts === null) return position
    let [low, high] = [0, this.units.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The units as text. */
  slice(from: number, to: number): string {
    let text = ''
    for (let at = from; at < to; at++) text += String.fromCodePoint(this.units[at]!)
    return text
  }
}

/** A text, folded. */
export function foldedText(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  const folded = new FoldedText(text)
  return folded.slice(0, folded.units.length)
}

/** Whether each character of a text is one unit, but for its letter case. */
export function isPlain(text: string): boolean {
  return !SUSPICIOUS.test(text) || !UNPLAIN.test(text)
}

/** One class of characters is found sooner than alternatives. */
const SUSPICIOUS = /[^\n\x20-\x24\x26-\x5b\x5d-\x7e]/

const UNPLAIN = /[^\n\x20-\x7e]|\\x|%[0-9a-f]{2}/i
/** An encoded byte, or a character with what combines with it; more marks than any script has are cut off. */
const CLUSTER = /\\x[0-9a-f]{2}|%[0-9a-f]{2}|[^]\p{M}{0,8}/giu
const CLUSTER_OR_BREAK = new RegExp(`\\n[ \\t]*|${CLUSTER.source}`, CLUSTER.flags)
const ENCODED = /^(?:\\x|%)([0-9a-f]{2})$/i
/** Joiners, direction marks, soft hyphens and their like. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u

function foldCluster(cluster: string): number[] {
  const first = cluster.charCodeAt(0)
  if (cluster.length === 1 && first < 0x80) {
    if (first === 9) return [32]
    return first >= 32 || first === 10 ? [lowerCase(first)] : []
  }
  const byte = ENCODED.exec(cluster)?.[1]
  const text = byte === undefined ? cluster : String.fromCharCode(parseInt(byte, 16))
  // By way of upper case: ß becomes ss, and both forms of sigma one. Upper case may compose anew.
  const folded = text.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD')
  const units = Array.from(folded, (character) => character.codePointAt(0)!)
  return units.filter((unit) => unit >= 32 && unit !== DEL && !(unit > DEL && UNSEEN.test(String.fromCodePoint(unit))))
}

function lowerCase(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code
}

/** Whether a unit belongs to a word: a letter, a digit, or a mark on one. */
export function isWordUnit(unit: number | undefined): boolean {
  if (unit === undefined) return false
  if (unit < 0x80) return (unit >= 97 && unit <= 122) || isDigitUnit(unit)
  return WORD.test(String.fromCodePoint(unit))
}

export function isDigitUnit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= 48 && unit <= 57
}

const WORD = /[\p{L}\p{N}\p{M}]/u
