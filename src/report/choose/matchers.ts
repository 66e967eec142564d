import { addressText, parseAddress } from '../../wire/address.js'
import type { TimeZone } from '../time-zone.js'
import type { FieldKind } from './fields.js'
import type { Operator } from './parse.js'

type Value = string | number
/** Whether a value of a session is what was asked for. */
type Matches = (value: Value) => boolean

/** What is asked of one value of a field; a text says what is wrong with what was asked for. */
export function matcher(kind: FieldKind, operator: Operator, wanted: string, zone: TimeZone): Matches | string {
  if (operator === '~' || operator === '!~') return contains(wanted)
  if (operator === '=' || operator === '!=') {
    if (kind === 'text') return glob(wanted)
    if (kind === 'file') return fileGlob(wanted)
    if (kind === 'address') return addressIn(wanted)
  }
  if (kind === 'text' || kind === 'file' || kind === 'address')
    return `"${operator}" compares numbers, sizes and times, not names: use =, !=, ~ or !~`
  const number = READERS[kind](wanted, zone)
  if (number === null) return `"${wanted}" is not ${EXPECTED[kind]}`
  return COMPARE[operator](number)
}

const COMPARE: Record<Exclude<Operator, '~' | '!~'>, (wanted: number) => Matches> = {
  '=': (wanted) => (value) => value === wanted,
  // The whole comparison is negated.
  '!=': (wanted) => (value) => value === wanted,
  '<': (wanted) => (value) => Number(value) < wanted,
  '<=': (wanted) => (value) => Number(value) <= wanted,
  '>': (wanted) => (value) => Number(value) > wanted,
  '>=': (wanted) => (value) => Number(value) >= wanted,
}

type NumberKind = Exclude<FieldKind, 'text' | 'file' | 'address'>

const EXPECTED: Record<NumberKind, string> = {
  number: 'a number',
  bytes: 'a size, as in 500, 20kB, 1.5MB or 4GiB',
  duration: 'a duration with its unit, as in 200ms, 5s, 3min or 2h',
  time: 'a date, as in 2026-03-01 or 2026-03-01T02:13',
}

const READERS: Record<NumberKind, (text: string, zone: TimeZone) => number | null> = {
  number: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : null),
  bytes: readBytes,
  duration: (text) => scaled(text, DURATIONS),
  time: (text, zone) => zone.read(text),
}

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, min: 6e4, h: 36e5, d: 864e5 }

/** A size in bytes: `500`, `20kB`, `4GiB`; `null` if it is none. */
export function readBytes(text: string): number | null {
  return scaled(text, SIZES)
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?)\s*([a-z]*)$/i.exec(text) ?? []
  const factor = units[unit.toLowerCase()]
  return digits === undefined || factor === undefined ? null : Number(digits) * factor
}

function contains(wanted: string): Matches {
  const part = wanted.toLowerCase()
  return (value) => String(value).toLowerCase().includes(part)
}

/** `*` for any characters, `?` for one; upper and lower case are the same. */
function glob(wanted: string): Matches {
  const pattern = wanted.toLowerCase()
  return (value) => matchesGlob(String(value).toLowerCase(), pattern)
}

/** A pattern without a slash is compared with the name alone, too. */
function fileGlob(wanted: string): Matches {
  const matches = glob(wanted)
  if (wanted.includes('/')) return matches
  return (value) => matches(value) || matches(String(value).split('/').at(-1)!)
}

/** In time that grows with the product of both lengths at most. */
function matchesGlob(text: string, pattern: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let next = 0
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next++
      resume = at
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      next++
      at++
    } else if (star >= 0) {
      next = star + 1
      at = ++resume
    } else return false
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}

/** A network (`10.0.0.0/8`), or a pattern of addresses or names. */
function addressIn(wanted: string): Matches | string {
  const [, base, length] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(wanted) ?? []
  if (base === undefined) return glob(canonical(wanted))
  const network = parseAddress(base)
  const bits = Number(length)
  if (!network || bits > network.length * 8) return `"${wanted}" is not a network, as in 10.0.0.0/8`
  return (value) => {
    const address = parseAddress(String(value))
    return address?.length === network.length && sameBits(address, network, bits)
  }
}

/** IPv6 addresses as reports write them. */
function canonical(wanted: string): string {
  const bytes = wanted.includes(':') ? parseAddress(wanted) : null
  return bytes ? addressText(bytes, 0, 6) : wanted
}

function sameBits(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  for (let at = 0; at * 8 < bits; at++) {
    const mask = bits - at * 8 >= 8 ? 0xff : 0xff00 >> (bits - at * 8)
    if (((a[at]! ^ b[at]!) & mask & 0xff) !== 0) return false
  }
  return true
}
