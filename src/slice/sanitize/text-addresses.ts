import { IPV4_LENGTH, isV4Mapped, MAPPED_V4_AT, parseAddress } from '../../wire/address.js'
import { numberRuns } from '../../ftp/announcements/number-run.js'
import type { AddressMap } from './address-map.js'
import type { LineDraft } from './line-draft.js'
import type { StandIns } from './stand-ins.js'

/** With points, or as host names have it: `ip-10-20-30-40`, `10_20_30_40`; a port may follow. */
const DOTTED = /(?<!\d|\d[._-])\d{1,3}([._-])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d)/g
/** As far as a cut announcement goes. */
const BEGUN = /\d{1,3}(?:\.\d{1,3}){0,3}/g
const COLONS =
  /(?<![\w:.])(?:[0-9a-f]{0,4}:[0-9a-f:]{0,38}?\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:]{1,38})(?![\w:])/gi
/** More colons than a time has; it is no address, or was cut off. */
const MOST_COLONS = 2
const MAC = /(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])/gi
/** Other hardware addresses: `0011.2233.4455`. */
const MAC_GROUPS = /(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])/gi
const LARGEST_OCTET = 255
/** Fewer numbers with commas between them are no address, unless an announcement is expected there. */
const LEAST_NUMBERS = 4
/** Numbers before the address in LPRT and 228: family and length (RFC 1639 §2). */
const LONG_HEAD = 2

/** Replaces addresses that stand in texts; each keeps its length. */
export class TextAddresses {
  readonly #map: AddressMap
  readonly #standIns: StandIns

  constructor(map: AddressMap, standIns: StandIns) {
    this.#map = map
    this.#standIns = standIns
  }

  /** All addresses in this part of a line. `announced`: one may be cut off there. */
  replace(draft: LineDraft, from: number, to: number, announced = false): void {
    const text = draft.text.slice(from, to)
    for (const { index, 0: mac } of text.matchAll(MAC)) this.#mac(draft, from + index, mac)
    for (const { index, 0: mac } of text.matchAll(MAC_GROUPS)) replaceWords(draft, from + index, mac.length)
    this.#tuples(draft, from, text, announced)
    for (const { index, 0: found } of text.matchAll(COLONS)) this.#v6(draft, from + index, found)
    for (const { index, 0: found } of text.matchAll(DOTTED)) this.#dotted(draft, from + index, found)
  }

  /** What may be the beginning of an address in dotted form, in the address field of EPRT. */
  replaceBegun(draft: LineDraft, from: number, to: number): void {
    for (const { index, 0: found } of draft.text.slice(from, to).matchAll(BEGUN))
      this.#dotted(draft, from + index, found)
  }

  #tuples(draft: LineDraft, from: number, text: string, announced: boolean): void {
    for (const { numbers, start, end } of numberRuns(text)) {
      if (draft.isDecided(from + start, from + end)) continue
      if (numbers.length < LEAST_NUMBERS && !(announced && numbers.length > 1)) continue
      const run = text.slice(start, end)
      const digits = Array.from(run.matchAll(/\d+/g), ({ index, 0: number }) => ({ at: from + start + index, number }))
      const long = (numbers[0] === '6' && numbers[1] === '16') || (numbers[0] === '4' && numbers[1] === '4')
      if (long && numbers[0] === '6') this.#longV6(draft, digits.slice(LONG_HEAD))
      else this.#octets(draft, digits.slice(long && numbers.length > 6 ? LONG_HEAD : 0))
      draft.keep(from + start, from + end)
    }
  }

  /** Octets as decimal numbers; those that are none stay. The image of an octet depends on those before it only. */
  #octets(draft: LineDraft, digits: readonly { at: number; number: string }[]): void {
    const octets = digits.slice(0, IPV4_LENGTH)
    const bytes = new Uint8Array(IPV4_LENGTH)
    for (const [at, { number }] of octets.entries()) bytes[at] = Number(number) > LARGEST_OCTET ? 0 : Number(number)
    const image = this.#map.map(bytes)
    for (const [index, { at, number }] of octets.entries())
      if (Number(number) <= LARGEST_OCTET) draft.put(at, String(image[index]!).padStart(number.length, '0'))
  }

  /** 16 octets as decimal numbers, whose lengths cannot stay: of each as many digits as there were. */
  #longV6(draft: LineDraft, digits: readonly { at: number; number: string }[]): void {
    const octets = digits.slice(0, 16)
    const bytes = new Uint8Array(16)
    for (const [at, { number }] of octets.entries()) bytes[at] = Number(number) & LARGEST_OCTET
    const image = this.#map.map(bytes)
    for (const [index, { at, number }] of octets.entries()) {
      const text = String(image[index]!)
      draft.put(at, text.length > number.length ? text.slice(-number.length) : text.padStart(number.length, '0'))
    }
  }

  #dotted(draft: LineDraft, from: number, found: string): void {
    if (draft.isDecided(from, from + found.length)) return
    const digits = Array.from(found.matchAll(/\d+/g), ({ index, 0: number }) => ({ at: from + index, number }))
    this.#octets(draft, digits)
    draft.keep(from, from + found.length)
  }

  #v6(draft: LineDraft, from: number, found: string): void {
    // A sentence may end there.
    const text = found.replace(/(?<!:):$/, '')
    const bytes = parseAddress(text)
    if (draft.isDecided(from, from + text.length)) return
    if (!bytes) {
      if (text.includes('::') || text.split(':').length - 1 > MOST_COLONS) replaceWords(draft, from, text.length)
      return
    }
    const image = this.#map.map(bytes)
    const tail = /\d+(?:\.\d+){3}$/.exec(text)
    const head = tail ? text.slice(0, tail.index) : text
    const groups = Array.from(head.matchAll(/[0-9a-f]+/gi), ({ index, 0: digits }) => ({ index, digits }))
    const gap = head.indexOf('::')
    const all = (tail ? MAPPED_V4_AT : 16) / 2
    for (const [number, { index, digits }] of groups.entries()) {
      const group = gap >= 0 && index > gap ? all - (groups.length - number) : number
      const hex = ((image[2 * group]! << 8) | image[2 * group + 1]!).toString(16).padStart(digits.length, '0')
      draft.put(from + index, /[A-F]/.test(digits) ? hex.toUpperCase() : hex)
    }
    if (tail && isV4Mapped(bytes, 0)) draft.put(from + tail.index, imageText(image))
    else if (tail) this.#dotted(draft, from + tail.index, tail[0])
    draft.keep(from, from + text.length)
  }

  #mac(draft: LineDraft, from: number, found: string): void {
    const bytes = Uint8Array.from(found.split(/[:-]/), (hex) => parseInt(hex, 16))
    const image = Array.from(this.#standIns.mac(bytes), (byte) => byte.toString(16).padStart(2, '0'))
    draft.put(from, image.join(found[2]))
  }
}

/** The octets of an IPv4-mapped address. */
function imageText(image: Uint8Array): string {
  return image.subarray(MAPPED_V4_AT).join('.')
}

function replaceWords(draft: LineDraft, from: number, length: number): void {
  for (const token of draft.tokens(from, from + length)) draft.replace(token.from, token.to)
}
