import { DEL, SPACE, TAB } from '../bytes/ascii.js'
import { decodeText } from '../bytes/text.js'
import type { VerbForm } from './model.js'

export interface Command {
  /** In upper case; verbs are case-insensitive (RFC 959 §5.3). */
  verb: string
  /** Everything after the single space that ends the verb; `null` if there is nothing. */
  argument: string | null
  form: VerbForm
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const
/** Bytes F0 to FF before a verb: the rest of Telnet's Synch when its IAC was sent separately as urgent data. */
const TELNET_REST = 0xf0

/** Parses a command line; `null` if it is not a command: an empty line, or bytes that are not a verb. */
export function parseCommand(bytes: Uint8Array, length: number): Command | null {
  let start = byteOrderMarkLength(bytes, length)
  while (start < length && (isBlank(bytes[start]!) || bytes[start]! >= TELNET_REST)) start++
  let end = start
  while (end < length && isVisible(bytes[end]!)) end++
  if (end === start) return null
  if (end < length && !isBlank(bytes[end]!)) return null
  const verb = decodeText(bytes, start, end).toUpperCase()
  const argument = decodeText(bytes, Math.min(end + 1, length), length)
  const form = start > 0 ? 'indented' : bytes[end] === TAB && end < length ? 'tab' : 'plain'
  return { verb, argument: argument === '' ? null : argument, form }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

/** ASCII 33 to 126. */
function isVisible(byte: number): boolean {
  return byte > SPACE && byte < DEL
}

/** Some clients that switch to UTF-8 send its byte order mark first. */
function byteOrderMarkLength(bytes: Uint8Array, length: number): number {
  const marked = length >= BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)
  return marked ? BYTE_ORDER_MARK.length : 0
}
