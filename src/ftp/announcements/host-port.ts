/** Result of parsing an announcement. The parsers of this folder return it and never throw. */
export type HostPort =
  /** Valid. `address` is `null` if the text names none (229: the address of the control connection's server). */
  | { kind: 'host-port'; address: string | null; port: number }
  /** An announcement that no client can use, with the address and port that could be read; the port may not exist. */
  | { kind: 'malformed'; reason: string; address: string | null; port: number | null }
  /** Not an announcement, such as `227 Logout.` */
  | { kind: 'none'; reason: string }

export const HIGHEST_PORT = 65_535
export const LARGEST_OCTET = 255
/** Digits of a number quoted in a reason. */
const QUOTED_DIGITS = 12
/** Digits of a port that are read: with more of them it is out of range anyway. */
const READ_DIGITS = 10

export function malformed(reason: string, address: string | null = null, port: number | null = null): HostPort {
  return { kind: 'malformed', reason, address, port }
}

/** A valid announcement, if the port exists. */
export function hostPort(address: string | null, port: number): HostPort {
  if (port < 1 || port > HIGHEST_PORT) return malformed(`port ${port} does not exist`, address, port)
  return { kind: 'host-port', address, port }
}

/** Digits as received, for a reason; shortened if there are too many. */
export function quoteDigits(digits: string): string {
  return digits.length > QUOTED_DIGITS ? digits.slice(0, QUOTED_DIGITS) + '…' : digits
}

/** Decimal port of 229 and EPRT; `null` if it is not a number. */
export function parsePortNumber(text: string): number | null {
  if (!/^\d+$/.test(text)) return null
  const significant = text.replace(/^0+(?=\d)/, '')
  return Number(significant.slice(0, READ_DIGITS))
}

/** Count of numbers in a host and port: four octets of address, two of port. */
export const TUPLE_LENGTHS = [6] as const

/** Numbers h1,…,p2 of PORT and 227 (RFC 959 §4.1.2), if all of them are octets. */
export function fromTuple(numbers: readonly string[]): HostPort {
  const bad = firstNonOctet(numbers)
  if (bad !== null) return malformed(`octet ${quoteDigits(bad)} is larger than ${LARGEST_OCTET}`)
  const [h1, h2, h3, h4, p1, p2] = numbers.map(Number)
  return hostPort(`${h1!}.${h2!}.${h3!}.${h4!}`, portOf(p1!, p2!))
}

/** A port from its two octets. */
export function portOf(high: number, low: number): number {
  return (high << 8) | low
}

/** The first number above 255. Octets are never masked: 300 is not 44. */
export function firstNonOctet(numbers: readonly string[]): string | null {
  return numbers.find((digits) => Number(digits) > LARGEST_OCTET) ?? null
}

export const NUL_INSIDE = 'it contains a NUL byte'
export function hasNul(text: string): boolean {
  return text.includes('\0')
}
