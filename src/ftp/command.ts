import { DEL, SPACE, TAB } from '../bytes/ascii.js'
import { decodeText } from '../bytes/text.js'
import type { VerbForm } from './model.js'
import { canonicalVerb, isKnownVerb } from './verbs.js'

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

/**
 * Parses a command line; `null` if it is not a command: an empty line, or bytes that are not a verb. A password stays
 * an argument however its verb is written (`PASS:x`, `PASSx`, a NUL or a byte of urgent data inside): reports hide it.
 */
export function parseCommand(bytes: Uint8Array, length: number): Command | null {
  let start = byteOrderMarkLength(bytes, length)
  while (start < length && (isBlank(bytes[start]!) || bytes[start]! >= TELNET_REST)) start++
  let end = start
  while (end < length && isVisible(bytes[end]!)) end++
  const stray = end < length && !isBlank(bytes[end]!)
  if (stray || (end - start > PASS.length && beginsWithPass(bytes, start))) {
    const command =
      gluedPassword(decodeText(bytes, start, length)) ?? (stray ? strayCommand(bytes, start, length) : null)
    if (command !== null || stray) return command
  }
  if (end === start) return null
  const verb = decodeText(bytes, start, end).toUpperCase()
  const argument = decodeText(bytes, Math.min(end + 1, length), length)
  const form = start > 0 ? 'indented' : bytes[end] === TAB && end < length ? 'tab' : 'plain'
  return { verb, argument: argument === '' ? null : argument, form }
}

/** Whether a line whose beginning may not have been captured begins with its verb: `password` alone is a password. */
export function isComplete({ verb, argument, form }: Command): boolean {
  if (form === 'glued') return false
  return isKnownVerb(verb) || (argument !== null && isVerb(verb))
}

const PASS = [0x50, 0x41, 0x53, 0x53] as const
/** Turns an ASCII letter into upper case. */
const UPPER_CASE = 0x5f

function beginsWithPass(bytes: Uint8Array, start: number): boolean {
  return PASS.every((letter, at) => (bytes[start + at]! & UPPER_CASE) === letter)
}

/** `PASS:x`, `PASSWD=x`, `PASSx`, `PASS<NUL>x`: the verb, and the rest as its argument; `null` for other lines. */
export function gluedPassword(line: string): Command | null {
  const separated = SEPARATED.exec(line)
  const match = separated ?? GLUED.exec(line)
  if (!match) return null
  const argument = match[2]!
  return {
    verb: match[1]!.toUpperCase(),
    argument: argument === '' ? null : argument,
    form: separated ? 'indented' : 'glued',
  }
}

/** A separator other than the blanks of `parseCommand`; a control character stands where a blank is due. */
const SEPARATED = /^(PASS(?:WORD|WD)?)[:=\p{Cc}]([^]*)$/iu
/** `PASSIVE` is what people type for PASV. */
const GLUED = /^(PASS)(?!(?:WORD|WD|IVE)?(?:[ \t]|$))([^]+)$/i

/** Bytes that are not text between the letters of a verb. */
const MOST_STRAY = 8
const LONGEST_VERB = 8

/** A known verb with bytes between or after its letters that are not text: NULs, a byte of urgent data (RFC 854). */
function strayCommand(bytes: Uint8Array, start: number, length: number): Command | null {
  let verb = ''
  let at = start
  for (; at < length && !isBlank(bytes[at]!) && verb.length <= LONGEST_VERB; at++) {
    if (isVisible(bytes[at]!)) verb += String.fromCharCode(bytes[at]!).toUpperCase()
    else if (isVerb(verb) || at - start - verb.length >= MOST_STRAY) break
  }
  if (!isVerb(verb)) return null
  const argument = decodeText(bytes, Math.min(at + 1, length), length)
  return { verb, argument: argument === '' ? null : argument, form: 'indented' }
}

function isVerb(verb: string): boolean {
  return isKnownVerb(canonicalVerb(verb))
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
