/** What an announcement's words say. The parsers of this folder return it and never throw. */
export type HostPort =
  /** Readable. `address` is `null` where the words name none (229: the control connection's server is meant). */
  | { kind: 'host-port'; address: string | null; port: number }
  /** An announcement that no client can use; address and port hold what could be read, the port perhaps out of range. */
  | { kind: 'malformed'; reason: string; address: string | null; port: number | null }
  /** No announcement at all, such as `227 Logout.` */
  | { kind: 'none'; reason: string }

export const HIGHEST_PORT = 65_535
export const LARGEST_OCTET = 255
/** Digits of a number that a reason quotes. */
const QUOTED_DIGITS = 12
/** Digits of a port that are read: more of them mean no port, whatever they are. */
const READ_DIGITS = 10

export function malformed(reason: string, address: string | null = null, port: number | null = null): HostPort {
  return { kind: 'malformed', reason, address, port }
}

/** A readable announcement, if the port exists. */
export function hostPort(address: string | null, port: number): HostPort {
  if (port < 1 || port > HIGHEST_PORT) return malformed(`port ${port} does not exist`, address, port)
  return { kind: 'host-port', address, port }
}

/** Digits as they came, for a reason: shortened where hostile. */
export function quoteDigits(digits: string): string {
  return digits.length > QUOTED_DIGITS ? digits.slice(0, QUOTED_DIGITS) + '…' : digits
}

/** Decimal port of 229 and EPRT: `null` when it is no number. */
export function parsePortNumber(text: string): number | null {
  if (!/^\d+$/.test(text)) return null
  const significant = text.replace(/^0+(?=\d)/, '')
  return Number(significant.slice(0, READ_DIGITS))
}

/** Numbers that a host and port take: four octets of address, two of port. */
export const TUPLE_LENGTHS = [6] as const

/** Numbers h1,…,p2 of PORT and 227 (RFC 959 §4.1.2), after each was found to be an octet. */
export function fromTuple(numbers: readonly string[]): HostPort {
  const bad = firstNonOctet(numbers)
  if (bad !== null) return malformed(`octet ${quoteDigits(bad)} is larger than ${LARGEST_OCTET}`)
  const [h1, h2, h3, h4, p1, p2] = numbers.map(Number)
  return hostPort(`${h1!}.${h2!}.${h3!}.${h4!}`, portOf(p1!, p2!))
}

/** The port of two octets. */
export function portOf(high: number, low: number): number {
  return (high << 8) | low
}

/** The first number above 255. Octets are never masked: 300 is not 44. */
export function firstNonOctet(numbers: readonly string[]): string | null {
  return numbers.find((digits) => Number(digits) > LARGEST_OCTET) ?? null
}

export const NUL_INSIDE = 'NUL byte inside'
export function hasNul(text: string): boolean {
  return text.includes('\0')
}
