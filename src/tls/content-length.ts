/** How long the content of an encrypted record is, which its length tells without any key. */
import { suiteName } from './suites/suite-names.js'
import { TlsVersion } from './record-layer.js'

/** What the hellos agreed on, as far as it decides what encryption adds to a record. */
export interface Protection {
  /** 0x0301 TLS 1.0 … 0x0304 TLS 1.3. */
  version: number
  suite: number
}

/** Bytes of content that a record may have; both ends are the same unless it is padded. */
export interface ContentLength {
  least: number
  most: number
}

const TAG = 16
const SHORT_TAG = 8
/** The part of the nonce that AES-GCM and AES-CCM send with each record until TLS 1.2 (RFC 5288 §3, RFC 6655 §3). */
const EXPLICIT_NONCE = 8
/** The content type behind the content in TLS 1.3 (RFC 8446 §5.2); none of the common stacks pads. */
const INNER_TYPE = 1
const MACS: Readonly<Record<string, number>> = { MD5: 16, SHA: 20, SHA256: 32, SHA384: 48 }
const WIDE_BLOCK = 16
const NARROW_BLOCK = 8

/**
 * Content of a record of application data whose body has `length` bytes; `null` for a suite of which this is not known,
 * and for a body that is too short for it.
 */
export function contentLength({ version, suite }: Protection, length: number): ContentLength | null {
  const name = suiteName(suite)
  const added = addedByAead(name, version)
  if (added !== null) return length >= added ? { least: length - added, most: length - added } : null
  const mac = MACS[/_([A-Z0-9]+)$/.exec(name)?.[1] ?? '']
  if (mac === undefined || version >= TlsVersion.Tls13) return null
  if (/_(?:RC4_\d+|NULL)_/.test(name)) return length >= mac ? { least: length - mac, most: length - mac } : null
  if (!name.includes('_CBC_')) return null
  const block = name.includes('DES_') ? NARROW_BLOCK : WIDE_BLOCK
  // One vector for each record since TLS 1.1 (RFC 4346 §6.2.3.2).
  const padded = length - (version > TlsVersion.Tls10 ? block : 0) - mac
  // At least the byte that says how long the padding is; the common stacks fill up one block.
  const most = padded - 1
  return most >= 0 ? { least: Math.max(0, most - block + 1), most } : null
}

function addedByAead(name: string, version: number): number | null {
  const tls13 = version >= TlsVersion.Tls13
  const always = tls13 ? INNER_TYPE : 0
  const nonce = tls13 ? 0 : EXPLICIT_NONCE
  if (name.includes('CHACHA20_POLY1305')) return TAG + always
  if (/_CCM_8(?:_|$)/.test(name)) return SHORT_TAG + nonce + always
  return /_(?:GCM|CCM)(?:_|$)/.test(name) ? TAG + nonce + always : null
}
