/** Distinguished names (RFC 5280 §4.1.2.4) as text (RFC 4514). */
import { decodeText } from '../../bytes/text.js'
import { hexOf } from '../hex.js'
import { type Asn1Value, objectIdentifier, Tag, UNIVERSAL } from './asn1.js'

const COMMON_NAME = '2.5.4.3'
/** RFC 4514 §3, and what certificates use besides. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  [COMMON_NAME]: 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}
/** Characters of a name that are kept, and of one of its values. */
const MAX_NAME = 512
const MAX_VALUE = 128

export interface DistinguishedName {
  /** The last attribute first, as RFC 4514 §2.1 demands; empty for an empty name. */
  text: string
  commonName: string | null
  /** To compare names by: their bytes. */
  whole: Uint8Array
}

export function readName(name: Asn1Value): DistinguishedName {
  const parts: string[] = []
  let commonName: string | null = null
  let length = 0
  for (const set of name.children) {
    if (length > MAX_NAME) break
    const pairs = set.children.map(({ children: [type, value] }) => {
      const oid = objectIdentifier(type)
      const text = value ? stringOf(value) : ''
      if (oid === COMMON_NAME) commonName = text
      return `${ATTRIBUTES[oid] ?? oid}=${escaped(text)}`
    })
    parts.push(pairs.join('+'))
    length += parts.at(-1)!.length + 1
  }
  return { text: parts.reverse().join(',').slice(0, MAX_NAME), commonName, whole: name.whole }
}

/** A string of any of ASN.1's types; the bytes of anything else in hexadecimal. */
export function stringOf({ class: kind, tag, content, children }: Asn1Value): string {
  if (kind === UNIVERSAL && tag === Tag.BmpString) return wideText(content, 2)
  if (kind === UNIVERSAL && tag === Tag.UniversalString) return wideText(content, 4)
  if (children.length > 0) return `#${hexOf(content.subarray(0, MAX_VALUE / 2))}`
  return decodeText(content, 0, Math.min(content.length, MAX_VALUE))
}

/** UCS-2 and UCS-4, big-endian (X.690 §8.23). */
function wideText(bytes: Uint8Array, width: 2 | 4): string {
  let text = ''
  for (let at = 0; at + width <= bytes.length && text.length < MAX_VALUE; at += width) {
    let code = 0
    for (let byte = 0; byte < width; byte++) code = code * 256 + bytes[at + byte]!
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
  }
  return text
}

/** RFC 4514 §2.4. */
function escaped(text: string): string {
  return text.replace(/[,+"\\<>;]|^[# ]| $/g, '\\$&')
}
