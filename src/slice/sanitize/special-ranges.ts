import { parseAddress } from '../../wire/address.js'

/** A range of addresses that keeps its kind. */
export interface Range {
  bytes: Uint8Array
  bits: number
}

/** Special-purpose ranges by which rules judge (RFC 6890 and its registries): an address stays in its range. */
export const RANGES_V4: readonly Range[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '255.255.255.255/32',
].map(rangeOf)

/** Ranges whose addresses tell nothing of a network, and stay as they are. */
export const FIXED_V4: readonly Range[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/24', '255.255.255.255/32'].map(
  rangeOf,
)

export const RANGES_V6: readonly Range[] = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '2001:2::/48',
  '2001:db8::/32',
  '2000::/3',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].map(rangeOf)

function rangeOf(text: string): Range {
  const [address, bits] = text.split('/')
  return { bytes: parseAddress(address!)!, bits: Number(bits) }
}

/** Whether the first `bits` bits of both are equal. */
export function sharesPrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let at = 0; at < whole; at++) if (a[at] !== b[at]) return false
  const rest = bits & 7
  return rest === 0 || (a[whole]! ^ b[whole]!) >> (8 - rest) === 0
}

/**
 * What addresses with this prefix have in common: the narrowest range that contains them all, as its index; a value of
 * its own (`mixed`) where they belong to several, so that the prefix stays as it is.
 */
export function rangeOfPrefix(prefix: Uint8Array, bits: number, ranges: readonly Range[]): number | 'mixed' {
  let narrowest = -1
  for (const [index, range] of ranges.entries()) {
    if (range.bits > bits) {
      if (sharesPrefix(range.bytes, prefix, bits)) return 'mixed'
    } else if (sharesPrefix(range.bytes, prefix, range.bits) && range.bits > (ranges[narrowest]?.bits ?? -1))
      narrowest = index
  }
  return narrowest
}
