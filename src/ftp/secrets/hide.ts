import { FoldedText, isWordUnit } from './folded-text.js'
import { HIDDEN } from './secret-arguments.js'
import { type SecretSearch, SHORTEST_SEARCHED, type Span } from './secret-search.js'
import { WordsOfText } from './words-of-text.js'

/** What is known of a text from the wire in which secrets are searched for. */
export interface Source {
  /** Who wrote it. What a client writes is never a server's stock sentence. */
  from: 'client' | 'server'
  /** A secret was sent before: the server may repeat it. */
  later?: boolean
  /** Its numbers are values of the protocol: ports, offsets, sizes. */
  numeric?: boolean
  /** It may lack its end. */
  cut?: boolean
}

/** The user names of the session and their words, folded: a secret that is only a part of one is a coincidence. */
export type Names = ReadonlySet<string>

/**
 * The text with stars for each secret. A secret inside a longer word takes the word with it: neither its rest nor its
 * length remains. Left as they are, since stars would tell what they hide: words of stock sentences that contain the
 * secret or are all there is to it, unless they stand where a server repeats what it was sent (`isRepeated`).
 */
export function hide(text: string, search: SecretSearch, names: Names, source: Source): string {
  const cut = source.cut === true || text.length >= SHORTEST_CUT
  if (!cut && !search.mayOccurIn(text)) return text
  const folded = new FoldedText(text)
  return withStars(folded, hiddenSpans(folded, search.spans(folded, cut), names, source))
}

/** The stages before shorten no text to fewer characters. */
const SHORTEST_CUT = 128

/** The text with stars for a short secret (see `SHORTEST_SEARCHED`), which a reply to it repeats as a word. */
export function hideShort(text: string, secret: string, source: Source): string {
  const [folded, { units }] = [new FoldedText(text), new FoldedText(secret)]
  if (units.length === 0 || units.length >= SHORTEST_SEARCHED) return text
  const spans: Span[] = []
  for (let from = 0; from + units.length <= folded.units.length; from++) {
    const to = from + units.length
    const apart = !isWordUnit(folded.units[from - 1]) && !isWordUnit(folded.units[to])
    if (apart && units.every((unit, at) => folded.units[from + at] === unit)) spans.push({ from, to })
  }
  return withStars(folded, hiddenSpans(folded, spans, NO_NAMES, source))
}

const NO_NAMES: Names = new Set()

/**
 * The text as far as it consists of stock words and user names: it replies to a secret that the capture does not show
 * completely, and may repeat all of it.
 */
export function hideUnknown(text: string, names: Names): string {
  return text.replace(/\S+/gu, (word) => {
    const folded = new FoldedText(word)
    const whole = { from: 0, to: folded.units.length }
    const words = new WordsOfText(folded, names, false)
    const known =
      words.count(whole) === 0 ? isDecoration(folded, whole) : words.areStock(whole) || words.areNames(whole)
    return known ? word : HIDDEN
  })
}

/** A secret of which the capture lacks what is between its beginning and its end; both folded. */
export interface Torn {
  beginning: string
  end: string
}

/** The text without the words that have the beginning and the end of a secret. */
export function hideTorn(text: string, torn: readonly Torn[]): string {
  return text.replace(/[\p{L}\p{N}\p{M}_]+/gu, (word) => {
    const units = new FoldedText(word)
    const folded = units.slice(0, units.units.length)
    return torn.some((each) => contains(folded, each)) ? HIDDEN : word
  })
}

/** Few letters are found in any word: they have to be its own beginning and end. */
function contains(word: string, { beginning, end }: Torn): boolean {
  const few = beginning.length + end.length < SHORTEST_SEARCHED
  const from = few ? (word.startsWith(beginning) ? 0 : -1) : word.indexOf(beginning)
  if (from < 0 || (few && !word.endsWith(end))) return false
  return word.lastIndexOf(end) >= from + beginning.length
}

function hiddenSpans(text: FoldedText, spans: readonly Span[], names: Names, source: Source): Span[] {
  if (spans.length === 0) return []
  const words = new WordsOfText(text, names, source.numeric === true)
  const hidden: Span[] = []
  for (const span of spans) {
    const whole = words.whole(span)
    if (isCoincidence(text, words, span, whole, names, source)) continue
    while (hidden.length > 0 && hidden.at(-1)!.to >= whole.from) {
      const before = hidden.pop()!
      whole.from = Math.min(whole.from, before.from)
      whole.to = Math.max(whole.to, before.to)
    }
    hidden.push(whole)
  }
  return hidden
}

function withStars(text: FoldedText, spans: readonly Span[]): string {
  if (spans.length === 0) return text.original
  let shown = ''
  let at = 0
  for (const { from, to } of spans) {
    shown += text.original.slice(at, text.start(from)) + HIDDEN
    at = text.end(to)
  }
  return shown + text.original.slice(at)
}

function isCoincidence(
  text: FoldedText,
  words: WordsOfText,
  span: Span,
  whole: Span,
  names: Names,
  source: Source,
): boolean {
  const inside = whole.from < span.from || whole.to > span.to
  const some = words.count(whole) > 0
  if (inside) {
    // A number inside a longer number: a size, a date, a port.
    if (words.isNumber(whole) || (some && words.areNames(whole))) return true
    return some && (source.from === 'client' ? words.areStock(whole) : words.areExplained(whole))
  }
  if (source.from === 'client') return source.numeric === true && some && words.areExplained(whole)
  const stock = some ? words.areExplained(whole) : isDecoration(text, whole)
  return stock && !isRepeated(text, whole, names, source)
}

/** Lines that banners draw. */
function isDecoration(text: FoldedText, { from, to }: Span): boolean {
  return /^[-=*#_.+~ ]*$/.test(text.slice(from, to))
}

/** Units around a word that are looked at. */
const AROUND = 64

/**
 * Whether a word stands where a server repeats what it was sent: in quotes, at the end after a colon, after an equals
 * sign, after the user's name and a slash or colon, or alone.
 */
function isRepeated(text: FoldedText, { from, to }: Span, names: Names, { later = false }: Source): boolean {
  if (!later) return false
  const before = text.slice(Math.max(0, from - AROUND), from)
  const after = text.slice(to, Math.min(text.units.length, to + AROUND))
  if (/["'`<][^\s"'`<>]*(?:[a-z]{3,8} )?$/.test(before) && /^[^\s"'`<>]*["'`>]/.test(after)) return true
  if (/^[.!]?(?:$|\n)/.test(after) && (/^$|\n$/.test(before) || /: *$/.test(before))) return true
  if (before.endsWith('=')) return true
  const name = /([^\s"'`<>(/:]+)[/:]$/.exec(before)?.[1]
  return name !== undefined && names.has(name)
}
