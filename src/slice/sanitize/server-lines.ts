import { isKnownVerb } from '../../ftp/verbs.js'
import type { LineDraft } from './line-draft.js'
import { keepExtension } from './client-lines.js'
import { isListed, rewriteListed } from './listing-lines.js'
import type { TextAddresses } from './text-addresses.js'
import { isVocabulary, knownParts } from './vocabulary.js'

const CODED = /^([1-6]\d\d)(?=[ \-\r\n]|$|\D)/
/** What stands before a line of a listing that a reply to STAT or MLST contains. */
const LISTED_AT = /^(?:[1-6]\d\d[ -])? ?/
/** Replies whose numbers are addresses. */
const ANNOUNCING = new Set(['227', '228', '229'])
/** A reply whose quoted text is a path (RFC 959, RFC 1123 §4.1.2.9). */
const PATHNAME = '257'
const QUOTED = /"([^"\r\n]*)"|(?<![A-Za-z0-9])'([^'\r\n]*)'(?![A-Za-z0-9])|`([^`'\r\n]*)['`]|<([^<>\r\n]*)>/g
/** What surrounds a word without blanks, quotes and brackets. */
const COMPOUND = /[^\s"'`<>()[\]{},;:=|!?]+/g
/** A host name, a mail address, a path, a name with an extension. */
const NAME = /[A-Za-z\x80-\xff][\w\x80-\xff-]*\.[A-Za-z0-9\x80-\xff]|@|\\|^[/~]/
/** What servers say of facts (RFC 3659 §7.5) is no file name. */
const FACT = /^UNIX\.\w+/i
/** Before a word that repeats what the client sent. */
const ECHO =
  /(?:\b(?:user|for|file|directory|folder|as|from|name|account|of|in|to|on|is|welcome|hello|hi)\s+|[:=@/\\~]\s*)$/i
/** Before a colon, or this, is what the client sent: `550 report: No such file`. */
const ECHOED_FIRST = /^[1-6]\d\d[ -] ?(\S.*?)(?=:(?:\s|$)|\s+(?:logged|login|is logged|has logged)\b|\s*$)/i
/** A word before these parts is looked for. */
const BEFORE = 24
/** V7R4M0, as IBM writes versions. */
const RELEASE = /^v\d{1,2}r\d{1,2}(?:m\d{1,2})?$/
/** Shorter numbers tell nothing. */
const SHORTEST_NUMBER = 3
/** Longer ones stay before a unit, and in replies whose numbers are sizes, offsets, times and ports. */
const LONGEST_NUMBER = 5
const UNIT = /^\s*(?:bytes|octets)\b/i
const LONGEST_UNIT = 16
const NUMERIC: ReadonlySet<string> = new Set('110 125 150 200 213 226 227 228 229 350 426 451 452 551 552'.split(' '))
const IDENTIFICATION = /^SSH-\d\.\d+-|^RFB \d{3}\.\d{3}|^@RSYNCD:|^HTTP\/\d\.\d/

/**
 * Rewrites a line of a server: the code, the words of stock sentences and numbers stay, addresses are mapped,
 * everything else is replaced. `sent`: the words that clients sent, in lower case.
 */
export function rewriteReply(draft: LineDraft, addresses: TextAddresses, sent: ReadonlySet<string>): void {
  const { text } = draft
  const listedAt = LISTED_AT.exec(text)![0].length
  if (isListed(text.slice(listedAt).trimEnd())) {
    draft.keep(0, listedAt)
    rewriteListed(draft, addresses, listedAt)
    return
  }
  const end = text.trimEnd().length
  const code = CODED.exec(text)?.[1] ?? ''
  draft.keep(0, code.length)
  const identification = IDENTIFICATION.exec(text)?.[0] ?? ''
  draft.keep(0, identification.length)
  addresses.replace(draft, code.length, end, ANNOUNCING.has(code))
  const [first = '', echoed = ''] = ECHOED_FIRST.exec(text.slice(0, end)) ?? []
  if (sent.has(echoed.toLowerCase())) replaceAll(draft, first.length - echoed.length, first.length)
  for (const match of text.matchAll(QUOTED)) quoted(draft, match, code, sent)
  for (const { index, 0: compound } of text.matchAll(COMPOUND)) {
    if (!isName(compound, sent)) continue
    keepExtension(draft, index, index + compound.length)
    replaceAll(draft, index, index + compound.length)
  }
  for (const token of draft.tokens()) word(draft, token, code, sent)
}

function quoted(draft: LineDraft, match: RegExpExecArray, code: string, sent: ReadonlySet<string>): void {
  const inner = match[1] ?? match[2] ?? match[3] ?? match[4] ?? ''
  const from = match.index + 1
  const words = inner.toLowerCase().match(/[a-z0-9\x80-\xff]+/g) ?? []
  const isStock = words.every((each) => !sent.has(each) && (isVocabulary(each) || RELEASE.test(each)))
  const isVerb = words.length <= 2 && isKnownVerb(inner.trim().split(/\s+/)[0]!.toUpperCase()) && isStock
  if (isVerb || (code !== PATHNAME && isStock && !/[/\\]/.test(inner))) return
  keepExtension(draft, from, from + inner.length)
  replaceAll(draft, from, from + inner.length)
}

function isName(compound: string, sent: ReadonlySet<string>): boolean {
  if (FACT.test(compound)) return false
  if (NAME.test(compound)) return true
  if (!/[/._-]/.test(compound)) return false
  if (sent.has(compound.toLowerCase().replace(/[.]+$/, ''))) return true
  const words = compound.toLowerCase().match(/[a-z\x80-\xff][a-z0-9\x80-\xff]*/g) ?? []
  const slashes = compound.split('/').length - 1
  return words.length > 0 && (slashes > 1 || (slashes > 0 && words.some((each) => sent.has(each) || !isStock(each))))
}

function isStock(word: string): boolean {
  return word.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)/).every((part) => /^\d+$/.test(part) || isVocabulary(part))
}

function word(
  draft: LineDraft,
  { from, to, word: folded }: { from: number; to: number; word: string },
  code: string,
  sent: ReadonlySet<string>,
): void {
  const repeats = sent.has(folded) && ECHO.test(draft.text.slice(Math.max(0, from - BEFORE), from))
  if (/^\d+$/.test(folded)) {
    const isValue =
      folded.length <= LONGEST_NUMBER ||
      (NUMERIC.has(code) && !sent.has(folded)) ||
      UNIT.test(draft.text.slice(to, to + LONGEST_UNIT))
    if (isValue && (!repeats || folded.length < SHORTEST_NUMBER)) return
  } else if (!repeats && isKept(folded) && !(sent.has(folded) && /\d/.test(folded))) return
  draft.replace(from, to, sent.has(folded) ? undefined : partsOf(draft, from, to))
}

/** A word of the vocabulary, perhaps with a number, or a version. */
function isKept(folded: string): boolean {
  const parts = folded.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)/)
  if (RELEASE.test(folded)) return true
  return (
    parts.length <= 2 &&
    parts.every((part) => (/^\d+$/.test(part) ? part.length <= LONGEST_NUMBER : isVocabulary(part)))
  )
}

/** The bytes of a word that belong to phrases which rules know. */
function partsOf(draft: LineDraft, from: number, to: number): Uint8Array {
  const bytes = draft.bytes.slice(from, to)
  const kept = new Uint8Array(bytes.length)
  const characters = charactersOf(bytes)
  const known = knownParts(characters.map(({ text }) => text.toLowerCase()).join(''))
  let unit = 0
  for (const { at, length, text } of characters) {
    if (known[unit] === 1) kept.fill(1, at, at + length)
    unit += text.toLowerCase().length
  }
  return kept
}

interface Character {
  at: number
  length: number
  text: string
}

/** Characters of UTF-8 with their places; a byte that is none of it is a blank. */
function charactersOf(bytes: Uint8Array): Character[] {
  const characters: Character[] = []
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1
    const text = lead < 0x80 ? String.fromCharCode(lead) : characterOf(bytes, at, length)
    characters.push({ at, length: text === ' ' ? 1 : length, text })
    at += text === ' ' ? 1 : length
  }
  return characters
}

function characterOf(bytes: Uint8Array, at: number, length: number): string {
  if (length === 1 || at + length > bytes.length) return ' '
  let point = bytes[at]! & (0x7f >> length)
  for (let tail = 1; tail < length; tail++) {
    if (bytes[at + tail]! >> 6 !== 2) return ' '
    point = (point << 6) | (bytes[at + tail]! & 0x3f)
  }
  return point > 0x10ffff ? ' ' : String.fromCodePoint(point)
}

function replaceAll(draft: LineDraft, from: number, to: number): void {
  for (const token of draft.tokens(from, to)) draft.replace(token.from, token.to)
}
