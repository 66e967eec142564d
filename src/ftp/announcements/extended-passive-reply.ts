import { announcedAddress } from './announced-address.js'
import {
  hasNul,
  HIGHEST_PORT,
  hostPort,
  malformed,
  NUL_INSIDE,
  parsePortNumber,
  quoteDigits,
  type HostPort,
} from './host-port.js'

/** Longest field that is read, which bounds the work on a hostile line. */
const MAX_FIELD = 64
/** Candidate positions tried per reply. */
const MAX_TRIES = 64

/** RFC 2428 §2: any of ASCII 33 to 126, except for characters of numbers and addresses, which would be ambiguous. */
export function isDelimiter(character: string): boolean {
  return /^[!-~]$/.test(character) && !/[0-9a-f.:]/i.test(character)
}

/**
 * 229 (RFC 2428 §3): `229 Entering Extended Passive Mode (|||6446|)`, with any delimiter (IBM i: `(!!!6446!)`), without
 * parentheses (`229 |||6446|`), and with the protocol or address that the RFC leaves empty (`(|1|192.0.2.9|5001|)`,
 * `(||192.0.2.9|5001|)`).
 */
export function parse229(text: string): HostPort {
  let failed: HostPort | null = null
  let tries = 0
  for (let at = text.indexOf('('); at >= 0 && tries < MAX_TRIES; at = text.indexOf('(', at + 1), tries++) {
    const result = readFields(text, at + 1, true)
    if (result.kind === 'host-port') return hasNul(text) ? malformed(NUL_INSIDE) : result
    if (result.kind === 'malformed') failed ??= result
  }
  tries = 0
  for (let at = 0; at < text.length && tries < MAX_TRIES; at++) {
    // Without parentheses only the usual form is distinct from prose: a delimiter that follows a space.
    if (!isDelimiter(text[at]!) || /[A-Za-z()]/.test(text[at]!) || (at > 0 && !/[\s\0]/.test(text[at - 1]!))) continue
    tries++
    const result = readFields(text, at, false)
    if (result.kind === 'host-port') return hasNul(text) ? malformed(NUL_INSIDE) : result
    if (result.kind === 'malformed') failed ??= result
  }
  return failed ?? { kind: 'none', reason: 'no port in the reply' }
}

/** Reads `d proto d addr d port d` at `at`; 'none' if it does not even begin like one. */
function readFields(text: string, at: number, inParentheses: boolean): HostPort {
  const delimiter = text[at]
  if (delimiter === undefined) return inParentheses ? malformed('the parenthesis is not closed') : NONE
  if (!isDelimiter(delimiter)) {
    return /[0-9a-f.:]/i.test(delimiter) && text[at + 1] === delimiter && text[at + 2] === delimiter
      ? malformed(`the delimiter ${delimiter} could be part of a number or address`)
      : NONE
  }
  const fields: string[] = []
  let next = at + 1
  while (fields.length < 3) {
    const end = text.indexOf(delimiter, next)
    if (end < 0 || end - next > MAX_FIELD) break
    fields.push(text.slice(next, end))
    next = end + 1
  }
  const [protocol, address, port] = fields
  if (port === undefined) return incomplete(text, at, delimiter, fields, next)
  if (protocol !== '' && !/^[0-9]{1,3}$/.test(protocol!)) return NONE
  if (inParentheses && text[next] !== ')' && !text.slice(next, next + MAX_FIELD).includes(')')) {
    return malformed('the parenthesis is not closed')
  }
  return readPort(address!, port)
}

const NONE: HostPort = { kind: 'none', reason: 'no port in the reply' }

function readPort(addressText: string, portText: string): HostPort {
  const parsed = addressText === '' ? null : announcedAddress(addressText)
  if (addressText !== '' && !parsed) return malformed('the address is not valid')
  const port = parsePortNumber(portText)
  if (port === null) return malformed(portText === '' ? 'the port is missing' : 'the port is not a number')
  if (port > HIGHEST_PORT)
    return malformed(`port ${quoteDigits(portText)} does not exist`, parsed?.address ?? null, port)
  return hostPort(parsed?.address ?? null, port)
}

/** Fewer than three fields: a malformed announcement, or prose in parentheses. */
function incomplete(text: string, at: number, delimiter: string, fields: string[], next: number): HostPort {
  // "(|||6446" and "(|||6446!)" have two empty fields and a number; anything else is prose.
  if (fields.length !== 2 || fields[0] !== '') {
    return text[at + 1] === delimiter || /^[!-/:-@[-`{-~]{3}\d/.test(text.slice(at, at + 4))
      ? malformed('the delimiters differ or are too few')
      : NONE
  }
  const rest = /^\d{0,10}/.exec(text.slice(next, next + 10))![0]
  const closing = text[next + rest.length]
  if (closing !== undefined && closing !== ')' && !/\s/.test(closing)) return malformed('the delimiters differ')
  return malformed('the closing delimiter is missing')
}
