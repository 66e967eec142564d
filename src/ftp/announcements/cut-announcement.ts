/** What is left of an announcement whose line the capture has only the beginning of. */
import { announcedAddress } from './announced-address.js'
import { LARGEST_OCTET } from './host-port.js'
import { numberRuns } from './number-run.js'

/** The address as far as it is complete, and the ports that the digits still allow. */
export interface CutAnnouncement {
  address: string | null
  ports: { low: number; high: number }
}

const ANY_PORT = { low: 1, high: 65_535 }
const OCTETS_OF_ADDRESS = 4
/** Longest beginning of a line that is searched: an address is near the start. */
const SEARCHED = 256

/** A tuple of octets, as in PORT and 227 (RFC 959 §4.1.2). The last number may go on, so it counts for nothing. */
export function cutTuple(text: string): CutAnnouncement {
  const searched = text.slice(0, SEARCHED)
  const run = numberRuns(searched).at(-1)
  // Only numbers at the very end are the beginning of a tuple; other text has ended it, or there is none yet.
  if (!run || !/^[\s,]*$/.test(searched.slice(run.end))) return { address: null, ports: ANY_PORT }
  const numbers = searched.slice(run.end).includes(',') ? run.numbers : run.numbers.slice(0, -1)
  const octets = numbers.map(Number)
  if (octets.length < OCTETS_OF_ADDRESS || octets.some((octet) => octet > LARGEST_OCTET))
    return { address: null, ports: ANY_PORT }
  const [high] = octets.slice(OCTETS_OF_ADDRESS)
  return {
    address: octets.slice(0, OCTETS_OF_ADDRESS).join('.'),
    ports: high === undefined ? ANY_PORT : { low: high * 256, high: high * 256 + LARGEST_OCTET },
  }
}

/** EPRT (RFC 2428 §2): the address is complete once its closing delimiter is there. */
export function cutEprt(argument: string): CutAnnouncement {
  const text = argument.trimStart().slice(0, SEARCHED)
  const [, , address, port] = text.split(text[0] ?? '|')
  const complete = address !== undefined && port !== undefined ? announcedAddress(address) : null
  return { address: complete?.address ?? null, ports: ANY_PORT }
}

/** 229 and the like name a port only. */
export function cutWithoutAddress(): CutAnnouncement {
  return { address: null, ports: ANY_PORT }
}
