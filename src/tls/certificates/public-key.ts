import { type Asn1Value, bitsOf, hasTag, objectIdentifier, readAsn1, Tag } from './asn1.js'

export interface PublicKey {
  /** `RSA`, `EC`, `Ed25519` …; an object identifier that has no name here. */
  type: string
  /** Of the modulus or the curve; `null` where it cannot be told. */
  bits: number | null
}

/** Algorithms of keys (RFC 3279 §2.3, RFC 5480, RFC 8410), with their bits where these are fixed. */
const ALGORITHMS: Readonly<Record<string, readonly [string, number | null]>> = {
  '1.2.840.113549.1.1.1': ['RSA', null],
  '1.2.840.113549.1.1.10': ['RSA-PSS', null],
  '1.2.840.10040.4.1': ['DSA', null],
  '1.2.840.10045.2.1': ['EC', null],
  '1.3.101.112': ['Ed25519', 256],
  '1.3.101.113': ['Ed448', 448],
  '2.16.840.1.101.3.4.3.17': ['ML-DSA-44', null],
  '2.16.840.1.101.3.4.3.18': ['ML-DSA-65', null],
  '2.16.840.1.101.3.4.3.19': ['ML-DSA-87', null],
}

/** Curves (RFC 5480 §2.1.1.1, RFC 5639, SEC 2). */
const CURVES: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.1': 192,
  '1.3.132.0.33': 224,
  '1.2.840.10045.3.1.7': 256,
  '1.3.132.0.10': 256,
  '1.3.132.0.34': 384,
  '1.3.132.0.35': 521,
  '1.3.36.3.3.2.8.1.1.7': 256,
  '1.3.36.3.3.2.8.1.1.11': 384,
  '1.3.36.3.3.2.8.1.1.13': 512,
}

/** subjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export function readPublicKey({ children: [algorithm, key] }: Asn1Value): PublicKey {
  const [id, parameters] = algorithm?.children ?? []
  const oid = objectIdentifier(id)
  const [type, bits] = ALGORITHMS[oid] ?? [oid === '' ? 'unknown' : oid, null]
  if (type.startsWith('RSA')) return { type, bits: modulusBits(bitsOf(key)) }
  if (type === 'EC') return { type, bits: CURVES[objectIdentifier(parameters)] ?? null }
  if (type === 'DSA') return { type, bits: integerBits(parameters?.children[0]) }
  return { type, bits }
}

/** RSAPublicKey (RFC 8017 §A.1.1) begins with the modulus. */
function modulusBits(key: Uint8Array | null): number | null {
  return key && integerBits(readAsn1(key.slice())?.children[0])
}

function integerBits(value: Asn1Value | undefined): number | null {
  if (!hasTag(value, Tag.Integer)) return null
  const first = value.content.findIndex((byte) => byte !== 0)
  return first < 0 ? null : 8 * (value.content.length - first) - Math.clz32(value.content[first]!) + 24
}
