/** Values of ASN.1 in DER (X.690), as far as certificates need them. What is not as expected is `null`. */
import { BaseBlock, fromBER } from 'asn1js'

/** A value with its tag; `content` are its bytes without tag and length, `whole` are all of them. */
export interface Asn1Value {
  readonly class: number
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
  /** Of a constructed value. */
  readonly children: readonly Asn1Value[]
}

export const Tag = {
  Boolean: 1,
  Integer: 2,
  BitString: 3,
  OctetString: 4,
  ObjectIdentifier: 6,
  Utf8String: 12,
  Sequence: 16,
  Set: 17,
  UtcTime: 23,
  GeneralizedTime: 24,
  UniversalString: 28,
  BmpString: 30,
} as const
export const UNIVERSAL = 1
export const CONTEXT = 3

/** A certificate nests ten deep and has a few hundred values; one with many names has a thousand. */
const MAX_DEPTH = 24
const MAX_VALUES = 2048

/** Reads one value; `null` if the bytes are none, or nest too deeply, or are too many values. */
export function readAsn1(bytes: Uint8Array<ArrayBuffer>): Asn1Value | null {
  const options = { maxDepth: MAX_DEPTH, maxNodes: MAX_VALUES, parseEmbedded: false, copyInput: false }
  try {
    const { offset, result } = fromBER(bytes, options)
    return offset < 0 ? null : valueOf(result)
  } catch {
    // Thrown for a time or a text that cannot be read; damage in most other places is returned.
    return null
  }
}

function valueOf(block: BaseBlock): Asn1Value {
  const { idBlock, lenBlock } = block
  const whole = block.valueBeforeDecodeView
  const nested: unknown = (block.valueBlock as { value?: unknown }).value
  return {
    class: idBlock.tagClass,
    tag: idBlock.tagNumber,
    whole,
    content: whole.subarray(idBlock.blockLength + lenBlock.blockLength),
    children: idBlock.isConstructed && Array.isArray(nested) ? nested.flatMap(nestedValue) : [],
  }
}

const nestedValue = (value: unknown): Asn1Value[] => (value instanceof BaseBlock ? [valueOf(value as BaseBlock)] : [])

/** The child with this tag of a context (`[0]`, `[1]` …). */
export function inContext(value: Asn1Value, tag: number): Asn1Value | null {
  return value.children.find((child) => child.class === CONTEXT && child.tag === tag) ?? null
}

export function hasTag(value: Asn1Value | undefined, tag: number): value is Asn1Value {
  return value?.class === UNIVERSAL && value.tag === tag
}

/** The content of a BIT STRING, whose first byte counts unused bits. */
export function bitsOf(value: Asn1Value | undefined): Uint8Array | null {
  return hasTag(value, Tag.BitString) && value.content.length > 0 ? value.content.subarray(1) : null
}

/** An object identifier in dots; empty for anything else. */
export function objectIdentifier(value: Asn1Value | undefined): string {
  if (!hasTag(value, Tag.ObjectIdentifier)) return ''
  const numbers: number[] = []
  let number = 0
  for (const byte of value.content) {
    number = number * 0x80 + (byte & 0x7f)
    if (byte & 0x80) continue
    // The first two components share a number (X.690 §8.19.4).
    if (numbers.length === 0) numbers.push(Math.min(2, Math.floor(number / 40)))
    numbers.push(numbers.length === 1 ? number - 40 * numbers[0]! : number)
    number = 0
  }
  return numbers.join('.')
}
