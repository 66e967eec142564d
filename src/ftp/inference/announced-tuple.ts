/** What the length of a 227 or PORT tells of the address that it names. */
import type { Range } from './lengths.js'
import type { InferredRecord } from './model.js'

/** Code and blank before the text of a reply, verb and blank before the argument of PORT, and CRLF. */
const REPLY_AROUND = 4 + 2
const PORT_AROUND = 5 + 2
/** Characters of `1.1.1.1` and of `192.168.100.100`. */
const SHORTEST_ADDRESS = 7
const LENGTHIEST_ADDRESS = 15

/** Length of `h1,h2,h3,h4,p1,p2` (RFC 959 §4.1.2) for an IPv4 address and a port, or any port. */
export function tupleLength(address: string, port: number | null): Range {
  const commas = 2
  if (port === null) return { least: address.length + commas + 2, most: address.length + commas + 6 }
  const length = address.length + commas + String(port >> 8).length + String(port & 255).length
  return { least: length, most: length }
}

/** Length of the tuple in a 227 or PORT; `null` where it cannot be told. */
export function tupleIn({ bytes, command, code, text }: InferredRecord): number | null {
  if (bytes === null) return null
  if (command === 'PORT') return bytes - PORT_AROUND
  const parts = code === 227 ? text?.split('…') : undefined
  return parts?.length === 2 ? bytes - REPLY_AROUND - parts[0]!.length - parts[1]!.length : null
}

/** Characters of the address in a tuple of this length, with a port or any. */
export function addressLength(tuple: number, port: number | null): Range {
  const { least, most } = tupleLength('', port)
  return { least: Math.max(tuple - most, SHORTEST_ADDRESS), most: Math.min(tuple - least, LENGTHIEST_ADDRESS) }
}

/** Whether a tuple of this length may name an address and a port. */
export function mayName(tuple: number, address: string, port: number | null): boolean {
  if (address.includes(':')) return false
  const { least, most } = tupleLength(address, port)
  return tuple >= least && tuple <= most
}
