import { DEL, SPACE, TAB } from '../bytes/ascii.js'
import { decodeText } from '../bytes/text.js'
import type { VerbForm } from './model.js'

export interface Command {
  /** In upper case; RFC 959 §5.3: upper and lower case are the same. */
  verb: string
  /** Everything behind the one blank that ends the verb, `null` when there is nothing. */
  argument: string | null
  form: VerbForm
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const
/** Bytes of F0 to FF in front of a verb: what is left of Telnet's Synch when the IAC went as urgent data of its own. */
const TELNET_REST = 0xf0

/** Reads a command line; `null` when it holds no command: an empty line, or bytes that are no verb. */
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

/** Some clients that switch to UTF-8 begin with its byte order mark. */
function byteOrderMarkLength(bytes: Uint8Array, length: number): number {
  const marked = length >= BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)
  return marked ? BYTE_ORDER_MARK.length : 0
}
