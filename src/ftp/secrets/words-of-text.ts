import { type FoldedText, isDigitUnit, isWordUnit } from './folded-text.js'
import type { Span } from './secret-search.js'
import { isStockWord } from './stock-words.js'

/** The words of a text: runs of letters, digits and marks. Found once, so that each question costs the same. */
export class WordsOfText {
  readonly #text: FoldedText
  /** For each unit the number of the first word that begins there or later. */
  readonly #following: Int32Array
  readonly #spans: Span[] = []
  /** For each word how many before it are not in stock sentences, are no values, are no user names, are no numbers. */
  readonly #notStock: number[] = [0]
  readonly #unexplained: number[] = [0]
  readonly #notNames: number[] = [0]
  readonly #notNumbers: number[] = [0]

  /** `numeric`: all numbers of the text are values of the protocol. `versions`: those with dots are, too. */
  constructor(text: FoldedText, names: ReadonlySet<string>, numeric: boolean, versions = false) {
    const { units } = text
    this.#text = text
    this.#following = new Int32Array(units.length + 1)
    for (let at = 0; at < units.length;) {
      const from = at
      while (at < units.length && isWordUnit(units[at])) at++
      if (at === from) {
        this.#following[at++] = this.#spans.length
        continue
      }
      const word = text.slice(from, at)
      const stock = isStockWord(word)
      const number = DIGITS.test(word)
      const value = number && (numeric || isCounted(text, at) || (versions && isDotted(text, from, at)))
      // A word begins before its second unit.
      this.#following.fill(this.#spans.length + 1, from, at)
      this.#following[from] = this.#spans.length
      this.#spans.push({ from, to: at })
      this.#notStock.push(this.#notStock.at(-1)! + (stock ? 0 : 1))
      this.#unexplained.push(this.#unexplained.at(-1)! + (stock || value ? 0 : 1))
      this.#notNames.push(this.#notNames.at(-1)! + (names.has(word) ? 0 : 1))
      this.#notNumbers.push(this.#notNumbers.at(-1)! + (number ? 0 : 1))
    }
    this.#following[units.length] = this.#spans.length
  }

  /** A part of the text with what is left of words at its ends; that of a part without any word is none of its own. */
  whole({ from, to }: Span): Span {
    const { units } = this.#text
    if (this.#following[from] === this.#following[to] && !isWordUnit(units[from])) return { from, to }
    const first = isWordUnit(units[from]) ? from : from - 1
    const last = isWordUnit(units[to - 1]) ? to - 1 : to
    return {
      from: isWordUnit(units[first]) ? this.#wordAt(first).from : from,
      to: isWordUnit(units[last]) ? this.#wordAt(last).to : to,
    }
  }

  /** Number of words in a part that consists of whole words. */
  count(whole: Span): number {
    return this.#last(whole) - this.#first(whole)
  }

  /** All its words are in stock sentences. */
  areStock(whole: Span): boolean {
    return this.#none(this.#notStock, whole)
  }

  /** All its words are in stock sentences, or values of the protocol. */
  areExplained(whole: Span): boolean {
    return this.#none(this.#unexplained, whole)
  }

  /** All its words are user names. */
  areNames(whole: Span): boolean {
    return this.#none(this.#notNames, whole)
  }

  /** It is one number. */
  isNumber(whole: Span): boolean {
    return this.count(whole) === 1 && this.#none(this.#notNumbers, whole)
  }

  #none(counts: readonly number[], whole: Span): boolean {
    return counts[this.#first(whole)] === counts[this.#last(whole)]
  }

  #first({ from }: Span): number {
    return this.#following[from]!
  }

  #last({ to }: Span): number {
    return this.#following[to]!
  }

  #wordAt(unit: number): Span {
    const following = this.#following[unit]!
    const word = this.#spans[following]
    return word?.from === unit ? word : this.#spans[following - 1]!
  }
}

const DIGITS = /^\d+$/

/** A number that its unit follows: `(1234 bytes)`. */
function isCounted(text: FoldedText, to: number): boolean {
  return (
    !isDigitUnit(text.units[to]) &&
    /^ ?(?:bytes?|octets|[kmg]b)\b/.test(text.slice(to, Math.min(to + 8, text.units.length)))
  )
}

/** A number in a version or an address. */
function isDotted({ units }: FoldedText, from: number, to: number): boolean {
  if (to - from > 3) return false
  return (units[to] === DOT && isDigitUnit(units[to + 1])) || (units[from - 1] === DOT && isDigitUnit(units[from - 2]))
}

const DOT = 46
