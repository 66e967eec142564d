import { isDelimiter } from './extended-passive-reply.js'
import {
  fromTuple,
  hasNul,
  HIGHEST_PORT,
  hostPort,
  malformed,
  NUL_INSIDE,
  parsePortNumber,
  quoteDigits,
  TUPLE_LENGTHS,
  type HostPort,
} from './host-port.js'
import { announcedAddress } from './announced-address.js'
import { fromLongTuple, LONG_TUPLE_LENGTHS } from './long-address.js'
import { numberRuns } from './number-run.js'

/** PORT h1,h2,h3,h4,p1,p2 (RFC 959 §4.1.2). Spaces around the numbers are accepted. */
export function parsePort(argument: string): HostPort {
  return parseNumbers(argument, TUPLE_LENGTHS, fromTuple)
}

/** LPRT af,hal,h1,…,pal,p1,p2 (RFC 1639 §2). */
export function parseLprt(argument: string): HostPort {
  return parseNumbers(argument, LONG_TUPLE_LENGTHS, fromLongTuple)
}

function parseNumbers(argument: string, lengths: readonly number[], read: (numbers: string[]) => HostPort): HostPort {
  const text = argument.trim()
  if (text === '') return malformed('the argument is missing')
  if (hasNul(text)) return malformed(NUL_INSIDE)
  const [run] = numberRuns(text)
  if (run?.start !== 0 || run.end !== text.length) return malformed('it contains more than numbers and commas')
  if (!lengths.includes(run.numbers.length)) {
    return malformed(`${run.numbers.length} numbers instead of ${lengths.join(' or ')}`)
  }
  return read(run.numbers)
}

/** Longest valid argument: protocol, address with zone, port. */
const MAX_EPRT = 128

/** EPRT d proto d address d port d (RFC 2428 §2): `|1|192.0.2.5|6275|`, `|2|2001:db8::1|5282|`. */
export function parseEprt(argument: string): HostPort {
  const text = argument.trim()
  if (text === '') return malformed('the argument is missing')
  if (hasNul(text)) return malformed(NUL_INSIDE)
  if (text.length > MAX_EPRT) return malformed('it is too long for an address and a port')
  const delimiter = text[0]!
  if (!isDelimiter(delimiter)) return malformed(`${delimiter} is not a valid delimiter`)
  const fields = text.split(delimiter)
  if (fields.length < 4 || (fields.length === 4 && fields[3] === ''))
    return malformed('the delimiters differ or are too few')
  if (fields.length < 5) return malformed('the closing delimiter is missing')
  if (fields.length > 5 || fields[4] !== '') return malformed('there are more than three fields')
  const [, protocol, addressText, portText] = fields.map((field) => field.trim())
  const version = protocol === '1' ? 4 : protocol === '2' ? 6 : null
  if (version === null) return malformed('the protocol is neither 1 (IPv4) nor 2 (IPv6)')
  const parsed = announcedAddress(addressText!)
  if (!parsed) return malformed('the address is not valid')
  if (parsed.version !== version) return malformed(`protocol ${protocol!} does not match the address`, parsed.address)
  const port = parsePortNumber(portText!)
  if (port === null) return malformed('the port is not a number', parsed.address)
  if (port > HIGHEST_PORT) return malformed(`port ${quoteDigits(portText!)} does not exist`, parsed.address, port)
  return hostPort(parsed.address, port)
}
