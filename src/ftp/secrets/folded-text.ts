import { DEL } from '../../bytes/ascii.js'

/**
 * A text as secrets are compared: code points without letter case, in normal form D (UAX #15) and without control
 * characters; `\xNN`, a byte that is not UTF-8 (`decodeText`), counts as the character that Latin-1 has there. Each
 * unit knows the part of the original that it comes from, so that a hit can be cut out of it.
 */
export class FoldedText {
  readonly original: string
  readonly units: readonly number[]
  /** Where the part of each unit starts and ends in the original; `null` where units and characters correspond. */
  readonly #starts: readonly number[] | null
  readonly #ends: readonly number[] | null

  constructor(original: string) {
    this.original = original
    const units: number[] = []
    if (isPlain(original)) {
      for (let at = 0; at < original.length; at++) units.push(lowerCase(original.charCodeAt(at)))
      this.#starts = this.#ends = null
    } else {
      const starts: number[] = []
      const ends: number[] = []
      for (const { index, 0: cluster } of original.matchAll(CLUSTER)) {
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

  /** The units as text. */
  slice(from: number, to: number): string {
    let text = ''
    for (let at = from; at < to; at++) text += String.fromCodePoint(this.units[at]!)
    return text
  }
}

/** Whether each character of a text is one unit, but for its letter case. */
export function isPlain(text: string): boolean {
  return !UNPLAIN.test(text)
}

const UNPLAIN = /[^\n\x20-\x7e]|\\x/
/** A byte that is not UTF-8, or a character with what combines with it; more marks than any script has are cut off. */
const CLUSTER = /\\x[0-9a-f]{2}|[^]\p{M}{0,8}/gu

function foldCluster(cluster: string): number[] {
  const first = cluster.charCodeAt(0)
  if (cluster.length === 1 && first < 0x80) {
    if (first === 9) return [32]
    return first >= 32 || first === 10 ? [lowerCase(first)] : []
  }
  const text = cluster.length === 4 && cluster.startsWith('\\x') ? latin1(cluster.slice(2)) : cluster
  // By way of upper case: ß becomes ss, and both forms of sigma one. Upper case may compose anew.
  const folded = text.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD')
  return Array.from(folded, (character) => character.codePointAt(0)!).filter((unit) => unit >= 32 && unit !== DEL)
}

function latin1(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16))
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
