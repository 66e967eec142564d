/**
 * Text from captures. FTP control connections (RFC 2640) and comments in pcapng should be UTF-8, but servers send file
 * names in whatever encoding their disk holds. Bytes that are not UTF-8 stay visible as `\xNN` instead of becoming
 * replacement characters.
 */

/** Decodes UTF-8 (RFC 3629: no overlong forms, no surrogates); each byte outside a valid character becomes `\xNN`. */
export function decodeText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  let at = start
  while (at < end) {
    const asciiStart = at
    while (at < end && bytes[at]! < 0x80) at++
    if (at > asciiStart) text += asciiText(bytes, asciiStart, at)
    if (at >= end) break
    const length = characterLength(bytes, at, end)
    if (length === 0) {
      text += hexEscape(bytes[at]!)
      at++
    } else {
      text += String.fromCodePoint(codePoint(bytes, at, length))
      at += length
    }
  }
  return text
}

/** Characters per call of `fromCharCode`, well below any engine's limit on arguments. */
const ASCII_RUN = 4096

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += ASCII_RUN) {
    const length = Math.min(end - at, ASCII_RUN)
    const codes = codesOf(length)
    for (let i = 0; i < length; i++) codes[i] = bytes[at + i]!
    text += String.fromCharCode.apply(null, codes)
  }
  return text
}

/** The first characters, at most `length` and few; no engine keeps the whole text alive for them. */
export function shortCopy(text: string, length: number): string {
  if (text.length <= length) return text
  return String.fromCharCode(...Array.from({ length }, (_, at) => text.charCodeAt(at)))
}

/** Longest run whose array is kept for reuse. */
const KEPT_RUN = 128
const kept: (number[] | undefined)[] = []

/** A plain array to be filled with codes: engines turn it into arguments much faster than they iterate over a view. */
function codesOf(length: number): number[] {
  if (length > KEPT_RUN) return new Array<number>(length).fill(0)
  return (kept[length] ??= new Array<number>(length).fill(0))
}

/** Length of the multi-byte character at `at`; 0 when it is not valid (RFC 3629 §4). */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  if (length === 0 || at + length > end) return 0
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0
  const second = bytes[at + 1]!
  if (lead === 0xe0 && second < 0xa0) return 0
  if (lead === 0xed && second > 0x9f) return 0
  if (lead === 0xf0 && second < 0x90) return 0
  if (lead === 0xf4 && second > 0x8f) return 0
  return length
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = bytes[at]! & (0xff >> (length + 1))
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i]! & 0x3f)
  return point
}

function hexEscape(byte: number): string {
  return '\\x' + byte.toString(16).padStart(2, '0')
}

/**
 * C0 and C1 controls (a terminal obeys both: ESC [ and its one-byte form U+009B), DEL, line and paragraph separators,
 * characters that change the text direction (Unicode Bidirectional Algorithm: marks, embeddings, overrides, isolates),
 * and invisible ones (zero-width characters, variation selectors, tags), so that text from the wire cannot move the
 * cursor, forge a line, reorder one, or make two names look the same. Also lone surrogates, which cannot be encoded.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const SHORT: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Makes text from the wire safe to print: controls become `\n`, `\xNN` or `\u{NNNN}`. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!
    return SHORT[character] ?? (code < 0x100 ? hexEscape(code) : `\\u{${code.toString(16)}}`)
  })
}
