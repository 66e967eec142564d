/** Certificates of TLS connections (X.509 version 3, RFC 5280): what a reader wants to know, and what rules compare. */
import { sha256 } from '@noble/hashes/sha2.js'
import { decodeText } from '../../bytes/text.js'
import { sameBytes } from '../crypto/crypto.js'
import { hexOf } from '../hex.js'
import { type Asn1Value, hasTag, inContext, objectIdentifier, readAsn1, Tag } from './asn1.js'
import { type DistinguishedName, readName } from './distinguished-name.js'
import { type PublicKey, readPublicKey } from './public-key.js'

export interface Certificate {
  subject: DistinguishedName
  issuer: DistinguishedName
  /** In lower-case hexadecimal. */
  serialNumber: string
  /** Milliseconds since 1970; `null` where the time cannot be read. */
  notBefore: number | null
  notAfter: number | null
  key: PublicKey
  /** Of subjectAltName (RFC 5280 §4.2.1.6): dNSName as written, iPAddress as 4 or 16 bytes. */
  dnsNames: string[]
  addresses: Uint8Array[]
  /** The extension is present, whatever names it has. */
  hasAlternativeNames: boolean
  /** Subject and issuer have the same name, and the same key as far as key identifiers tell; not verified. */
  selfSigned: boolean
  /** basicConstraints allows it to issue others. */
  isAuthority: boolean
  /** It has timestamps of Certificate Transparency (RFC 6962 §3.3): a public authority issued it. */
  publiclyLogged: boolean
  /** SHA-256 of the whole certificate, in lower-case hexadecimal. */
  fingerprint: string
}

/** Names of one kind that are kept; more than any server has. */
const MAX_NAMES = 256
/** Bytes of a domain name (RFC 1035 §2.3.4). */
const MAX_DNS_NAME = 255
/** Bytes of a serial number (RFC 5280 §4.1.2.2), with room. */
const MAX_SERIAL = 32

const Extension = {
  SubjectKeyIdentifier: '2.5.29.14',
  SubjectAlternativeName: '2.5.29.17',
  BasicConstraints: '2.5.29.19',
  AuthorityKeyIdentifier: '2.5.29.35',
  SignedTimestamps: '1.3.6.1.4.1.11129.2.4.2',
} as const

/** Reads a certificate in DER; `null` if it is none. No signature is verified. */
export function readCertificate(der: Uint8Array): Certificate | null {
  const [signed] = readAsn1(der.slice())?.children ?? []
  if (!hasTag(signed, Tag.Sequence)) return null
  // Version 1 has no version.
  const fields = inContext(signed, 0) ? signed.children.slice(1) : signed.children
  const [serial, , issuerName, validity, subjectName, keyInfo] = fields
  if (!hasTag(serial, Tag.Integer) || !issuerName || !subjectName || !keyInfo) return null
  const [subject, issuer] = [readName(subjectName), readName(issuerName)]
  const extensions = extensionsOf(signed)
  const names = namesOf(extensions.get(Extension.SubjectAlternativeName))
  return {
    subject,
    issuer,
    serialNumber: hexOf(serial.content.subarray(0, MAX_SERIAL)),
    notBefore: timeOf(validity?.children[0]),
    notAfter: timeOf(validity?.children[1]),
    key: readPublicKey(keyInfo),
    ...names,
    hasAlternativeNames: extensions.has(Extension.SubjectAlternativeName),
    selfSigned: sameBytes(subject.whole, issuer.whole) && !hasOtherKey(extensions),
    isAuthority: hasTag(extensions.get(Extension.BasicConstraints)?.children[0], Tag.Boolean),
    publiclyLogged: extensions.has(Extension.SignedTimestamps),
    fingerprint: hexOf(sha256(der)),
  }
}

/** Values of extensions, by their identifiers; the first of each. */
function extensionsOf(signed: Asn1Value): Map<string, Asn1Value> {
  const found = new Map<string, Asn1Value>()
  for (const { children } of inContext(signed, 3)?.children[0]?.children ?? []) {
    const text = children.at(-1)
    const id = objectIdentifier(children[0])
    const value = hasTag(text, Tag.OctetString) ? readAsn1(text.content.slice()) : null
    if (value && !found.has(id)) found.set(id, value)
  }
  return found
}

const DNS_NAME = 2
const IP_ADDRESS = 7

function namesOf(extension: Asn1Value | undefined): Pick<Certificate, 'dnsNames' | 'addresses'> {
  const dnsNames: string[] = []
  const addresses: Uint8Array[] = []
  for (const { tag, content } of extension?.children ?? []) {
    if (tag === DNS_NAME && dnsNames.length < MAX_NAMES && content.length <= MAX_DNS_NAME)
      dnsNames.push(decodeText(content))
    const isAddress = tag === IP_ADDRESS && (content.length === 4 || content.length === 16)
    if (isAddress && addresses.length < MAX_NAMES) addresses.push(content)
  }
  return { dnsNames, addresses }
}

/** The key identifiers say that another key than its own signed it. */
function hasOtherKey(extensions: Map<string, Asn1Value>): boolean {
  const own = extensions.get(Extension.SubjectKeyIdentifier)
  const authority = extensions.get(Extension.AuthorityKeyIdentifier)
  const signer = authority && inContext(authority, 0)
  return own !== undefined && signer !== null && signer !== undefined && !sameBytes(own.content, signer.content)
}

/** UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 restricts them: with seconds, in UTC. */
function timeOf(value: Asn1Value | undefined): number | null {
  if (!hasTag(value, Tag.UtcTime) && !hasTag(value, Tag.GeneralizedTime)) return null
  const short = value.tag === Tag.UtcTime
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(decodeText(value.content.subarray(0, 32)))
  if (!match || (match[1]!.length === 2) !== short) return null
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  // Two digits mean 1950 to 2049.
  const full = short ? year + (year < 50 ? 2000 : 1900) : year
  const time = Date.UTC(full, month - 1, day, hour, minute, second)
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? time : null
}
