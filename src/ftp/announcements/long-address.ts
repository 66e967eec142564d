import { addressText, IPV4_LENGTH, IPV6_LENGTH } from '../../wire/address.js'
import { firstNonOctet, hostPort, LARGEST_OCTET, malformed, portOf, quoteDigits, type HostPort } from './host-port.js'

/** Count of numbers in a long host and port with IPv4 and with IPv6: af, hal, host …, pal, port … */
export const LONG_TUPLE_LENGTHS = [9, 21] as const

/** `af,hal,h1,…,pal,p1,p2` (RFC 1639 §2): address family, then length and octets of the address and of the port. */
export function fromLongTuple(numbers: readonly string[]): HostPort {
  const bad = firstNonOctet(numbers)
  if (bad !== null) return malformed(`octet ${quoteDigits(bad)} is larger than ${LARGEST_OCTET}`)
  const octets = numbers.map(Number)
  const [family, addressLength] = octets
  const expected = family === 4 ? IPV4_LENGTH : family === 6 ? IPV6_LENGTH : null
  if (expected === null) return malformed(`address family ${family ?? 'none'} is neither 4 nor 6`)
  if (addressLength !== expected) {
    return malformed(`address length ${addressLength ?? 'none'} does not match address family ${family!}`)
  }
  const host = octets.slice(2, 2 + expected)
  const portLength = octets[2 + expected]
  if (portLength !== 2) return malformed(`port length ${portLength ?? 'none'} is not 2`)
  if (octets.length !== expected + 5) return malformed(`${octets.length} numbers instead of ${expected + 5}`)
  const port = portOf(octets[expected + 3]!, octets[expected + 4]!)
  return hostPort(addressText(Uint8Array.from(host), 0, family!), port)
}
