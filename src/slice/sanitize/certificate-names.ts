import { latin1, TOKEN } from './line-draft.js'
import { parseAddress } from '../../wire/address.js'
import type { AddressMap } from './address-map.js'
import type { StandIns } from './stand-ins.js'

const CONSTRUCTED = 0x20
const CLASS = 0xc0
const CONTEXT = 0x80
const NUMBER = 0x1f
const SEVERAL_LENGTH_BYTES = 0x80
/** Types of ASN.1 (X.680 §8.4). */
const Tag = { Integer: 2, BitString: 3, OctetString: 4, Oid: 6, UtcTime: 23, GeneralizedTime: 24, Bmp: 30 } as const
const STRINGS: ReadonlySet<number> = new Set([12, 18, 19, 20, 22, 26, 28, 30])
const KEPT: ReadonlySet<number> = new Set([1, 5, 10, Tag.Oid, Tag.UtcTime, Tag.GeneralizedTime])
/** Longer integers are serial numbers and keys. */
const SMALL_INTEGER = 4
const SIGN = 0x80
const DEEPEST = 24

/**
 * Rewrites the DER of a certificate or name (X.509, RFC 5280) in place: names become stand-ins of equal length,
 * addresses are mapped, serial numbers, keys, identifiers and signatures are replaced by other bytes. Form, dates,
 * algorithms and lengths stay, and what was equal stays equal.
 */
export class CertificateNames {
  readonly #standIns: StandIns
  readonly #addresses: AddressMap

  constructor(standIns: StandIns, addresses: AddressMap) {
    this.#standIns = standIns
    this.#addresses = addresses
  }

  rewrite(bytes: Uint8Array, from = 0, to = bytes.length, depth = 0): void {
    if (!this.#values(bytes, from, to, depth)) this.#blind(bytes, from, to)
  }

  /** A host name: each label, as far as it is one, has a stand-in. */
  hostName(bytes: Uint8Array, from: number, to: number): void {
    const text = latin1(bytes.subarray(from, to))
    const address = parseAddress(text)
    if (address?.length === 4) {
      bytes.set(
        Array.from(this.#addresses.map(address).join('.'), (each) => each.charCodeAt(0)),
        from,
      )
      return
    }
    for (const { index, 0: word } of text.matchAll(TOKEN))
      bytes.set(this.#standIns.word(bytes.slice(from + index, from + index + word.length)), from + index)
  }

  /** Whether it is a sequence of values: only then it was rewritten. */
  #values(bytes: Uint8Array, from: number, to: number, depth: number): boolean {
    const values = valuesIn(bytes, from, to)
    if (!values || depth > DEEPEST) return false
    for (const { tag, start, end } of values) this.#value(bytes, tag, start, end, depth)
    return true
  }

  #value(bytes: Uint8Array, tag: number, start: number, end: number, depth: number): void {
    if (tag & CONSTRUCTED) this.rewrite(bytes, start, end, depth + 1)
    else if ((tag & CLASS) === CONTEXT) this.#implicit(bytes, start, end)
    else if ((tag & CLASS) !== 0) this.#blind(bytes, start, end)
    else if (STRINGS.has(tag & NUMBER)) this.#string(bytes, tag & NUMBER, start, end)
    else if ((tag & NUMBER) === Tag.Integer) {
      if (end - start > SMALL_INTEGER) this.#integer(bytes, start, end)
    } else if ((tag & NUMBER) === Tag.OctetString) {
      if (end - start <= SMALL_INTEGER && !valuesIn(bytes, start, end)) return
      this.rewrite(bytes, start, end, depth + 1)
    } else if ((tag & NUMBER) === Tag.BitString) {
      if (end - start <= SMALL_INTEGER) return
      // The first byte counts unused bits.
      this.rewrite(bytes, start + 1, end, depth + 1)
    } else if (!KEPT.has(tag & NUMBER)) this.#blind(bytes, start, end)
  }

  /** Its sign and its number of bits stay, and whether it is odd. */
  #integer(bytes: Uint8Array, start: number, end: number): void {
    const [first, second, last] = [bytes[start]!, bytes[start + 1]!, bytes[end - 1]!]
    this.#blind(bytes, start, end)
    bytes[start] = first
    if (first === 0) bytes[start + 1] = (bytes[start + 1]! & ~SIGN) | (second & SIGN)
    bytes[end - 1] = (bytes[end - 1]! & ~1) | (last & 1)
  }

  /** Names, mail addresses, URLs and addresses of a GeneralName; identifiers of keys (RFC 5280 §4.2.1). */
  #implicit(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const isText = bytes.subarray(start, end).every((byte) => byte >= 0x20 && byte < 0x7f)
    if (isText && length !== 4) this.hostName(bytes, start, end)
    else if (length === 4 || length === 16) this.#addresses.mapAt(bytes, start, length)
    else if (length > 2) this.#blind(bytes, start, end)
  }

  #string(bytes: Uint8Array, type: number, start: number, end: number): void {
    if (type !== Tag.Bmp) this.hostName(bytes, start, end)
    else this.#blind(bytes, start, end)
  }

  /** The same bytes for the same. */
  #blind(bytes: Uint8Array, from: number, to: number): void {
    if (to <= from) return
    bytes.set(this.#standIns.blind(bytes.slice(from, to)), from)
  }
}

interface Value {
  tag: number
  start: number
  end: number
}

/** The values that fill this range exactly; `null` if it is not DER. */
function valuesIn(bytes: Uint8Array, from: number, to: number): Value[] | null {
  const values: Value[] = []
  for (let at = from; at < to;) {
    const tag = bytes[at]!
    if ((tag & NUMBER) === NUMBER || at + 2 > to) return null
    let length = bytes[at + 1]!
    let start = at + 2
    if (length >= SEVERAL_LENGTH_BYTES) {
      const count = length & 0x7f
      if (count === 0 || count > 3 || start + count > to) return null
      length = 0
      for (let each = 0; each < count; each++) length = (length << 8) | bytes[start++]!
    }
    if (start + length > to) return null
    values.push({ tag, start, end: start + length })
    at = start + length
  }
  return values
}
