import { foldedText, FoldedText, isPlain, isWordUnit } from './folded-text.js'
import { HIDDEN } from './secret-arguments.js'
import { type SecretSearch, SHORTEST_SEARCHED, type Span } from './secret-search.js'
import { isStockWord } from './stock-words.js'
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
  /** It replies to a secret: it may repeat the beginning only. */
  own?: boolean
  /** Verb of the command that it replies to, in lower case: in quotes it is that, whatever the secret is. */
  verb?: string | undefined
  /** It is no reply: a server that has no sentence may repeat what it was sent, and nothing else. */
  uncoded?: boolean
}

/** The user names of the session and their words, folded: a secret that is only a part of one is a coincidence. */
export type Names = ReadonlySet<string>

/**
 * The text with stars for each secret. A secret inside a longer word takes the word with it: neither its rest nor its
 * length remains. Left as they are, since stars would tell what they hide: words of stock sentences that contain the
 * secret or are all there is to it, unless they stand where a server repeats what it was sent (`isRepeated`).
 */
export function hide(text: string, search: SecretSearch, names: Names, source: Source): string {
  if (isClean(text, search, source)) return text
  const cut = source.cut === true || text.length >= SHORTEST_CUT
  const begun = source.own === true || OMISSION.test(text)
  const folded = new FoldedText(text)
  const spans = search.spans(folded, cut, begun).map((span) => [span])
  return withStars(folded, hiddenSpans(folded, [...spans, ...brokenSpans(folded, search)], names, source))
}

/** Secrets that a line break divides, with the blanks that begin the next line of a reply: the parts of each. */
function brokenSpans(text: FoldedText, search: SecretSearch): Span[][] {
  if (search.isEmpty || !text.original.includes('\n')) return []
  const joined = new FoldedText(text.original, true)
  return search.spans(joined, false).flatMap(({ from, to }) => {
    const [start, end] = [joined.start(from), joined.end(to)]
    const part = text.original.slice(start, end)
    if (!part.includes('\n')) return []
    return [
      Array.from(part.matchAll(/[^\n]+/g), ({ index, 0: line }) => ({
        from: text.unitAt(start + index + line.length - line.trimStart().length),
        to: text.unitAt(start + index + line.length),
      })).filter((span) => span.from < span.to),
    ]
  })
}

/** Whether a text contains no secret for certain, nor the beginning of one where that matters. */
export function isClean(text: string, search: SecretSearch, source: Omit<Source, 'from'>): boolean {
  if (search.isEmpty) return true
  if (source.cut === true || text.length >= SHORTEST_CUT) return false
  return !search.mayOccurIn(text, source.own === true || OMISSION.test(text))
}

const OMISSION = /\.\.\.|…/
/** The stages before shorten no text to fewer characters. */
const SHORTEST_CUT = 128

/** The text with stars for a short secret (see `SHORTEST_SEARCHED`), which a reply to it repeats as a word. */
export function hideShort(text: string, secret: string, source: Source): string {
  if (secret.length >= SHORTEST_SEARCHED && isPlain(secret)) return text
  const [folded, { units }] = [new FoldedText(text), new FoldedText(secret)]
  if (units.length === 0 || units.length >= SHORTEST_SEARCHED) return text
  const spans: Span[] = []
  for (let from = 0; from + units.length <= folded.units.length; from++) {
    const to = from + units.length
    const apart = !isWordUnit(folded.units[from - 1]) && !isWordUnit(folded.units[to])
    if (apart && units.every((unit, at) => folded.units[from + at] === unit)) spans.push({ from, to })
  }
  return withStars(
    folded,
    hiddenSpans(
      folded,
      spans.map((span) => [span]),
      NO_NAMES,
      source,
    ),
  )
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

/**
 * The text without what has the beginning and the end of a secret, or, if these are `few` letters, without words that
 * they begin and end; stock words, names and values stay.
 */
export function hideTorn(text: string, torn: readonly Torn[], names: Names, source: Source, few: boolean): string {
  const isKnown = (word: string) => {
    const folded = foldedText(word)
    return isStockWord(folded) || names.has(folded) || (source.numeric === true && /^\d+$/.test(folded))
  }
  if (few) {
    const some = torn.filter(isFew)
    if (some.length === 0) return text
    return text.replace(RUN, (word) =>
      !isKnown(word) && some.some((each) => contains(foldedText(word), each)) ? HIDDEN : word,
    )
  }
  return text.replace(/\S+/gu, (token) =>
    isTorn(foldedText(token), torn) && !token.match(RUN)?.every(isKnown) ? token.replace(CORE, HIDDEN) : token,
  )
}

/** Whether a text, folded, has the beginning and the end of a secret, enough of them not to be a coincidence. */
export function isTorn(text: string, torn: readonly Torn[]): boolean {
  return torn.some((each) => !isFew(each) && contains(text, each))
}

const RUN = /[\p{L}\p{N}\p{M}_]+/gu
/** All but the punctuation at both ends. */
const CORE = /[\p{L}\p{N}\p{M}_](?:.*[\p{L}\p{N}\p{M}_])?/su

/** Few letters are found in any word: they have to be its own beginning and end. */
function isFew({ beginning, end }: Torn): boolean {
  return beginning.length + end.length < SHORTEST_SEARCHED
}

function contains(text: string, torn: Torn): boolean {
  const { beginning, end } = torn
  const from = isFew(torn) ? (text.startsWith(beginning) ? 0 : -1) : text.indexOf(beginning)
  if (from < 0 || (isFew(torn) && !text.endsWith(end))) return false
  return text.lastIndexOf(end) >= from + beginning.length
}

/** What has to be hidden of a text for these secrets, each of one part or more; in order, and apart. */
function hiddenSpans(text: FoldedText, secrets: readonly Span[][], names: Names, source: Source): Span[] {
  if (secrets.length === 0) return []
  const words = new WordsOfText(text, names, source.numeric === true, source.later !== true)
  const hidden: Span[] = []
  for (const parts of secrets) {
    const wholes = parts.map((part) => words.whole(part))
    if (parts.every((part, at) => isCoincidence(text, words, part, wholes[at]!, names, source))) continue
    hidden.push(...wholes)
  }
  return united(hidden)
}

function united(spans: Span[]): Span[] {
  const apart: Span[] = []
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const before = apart.at(-1)
    if (before && before.to >= span.from) before.to = Math.max(before.to, span.to)
    else apart.push(span)
  }
  return apart
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
  if (span.begun) {
    const omitted = /^(?:\.\.\.|…)/.test(text.slice(span.to, Math.min(span.to + 3, text.units.length)))
    if (inside || source.from === 'client' || !(omitted || source.own)) return true
    return some ? words.areExplained(whole) || words.areNames(whole) : isDecoration(text, whole)
  }
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
 * sign, after the user's name and a slash or colon, or alone in what is no reply.
 */
function isRepeated(text: FoldedText, { from, to }: Span, names: Names, source: Source): boolean {
  if (source.later !== true || text.slice(from, to) === source.verb) return false
  const before = text.slice(Math.max(0, from - AROUND), from)
  const after = text.slice(to, Math.min(text.units.length, to + AROUND))
  if (/["'`<][^\s"'`<>]*(?:[a-z]{3,8} )?$/.test(before) && /^[^\s"'`<>]*["'`>]/.test(after)) return true
  if (/^[.!]?(?:$|\n)/.test(after) && (/: *$/.test(before) || (source.uncoded === true && before === ''))) return true
  if (before.endsWith('=')) return true
  const name = /([^\s"'`<>(/:]+)[/:]$/.exec(before)?.[1]
  return name !== undefined && names.has(name)
}
