import { addressText, parseAddress } from '../../wire/address.js'
import { scope } from '../../wire/address-scope.js'
import type { DataChannelReport } from '../contract.js'

const NO_HOST = new Set(['unspecified', 'loopback', 'multicast', 'broadcast', 'link-local'])

/**
 * An address that a rule can name, in canonical form; `null` if it is not an address, or not that of a single reachable
 * host.
 */
export function hostAddress(text: string | null): string | null {
  if (text === null) return null
  const bytes = parseAddress(text)
  if (!bytes || NO_HOST.has(scope(text))) return null
  return addressText(bytes, 0, bytes.length === 4 ? 4 : 6)
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

/** Ports that the responder of data connections listened on: as announced or, under TLS, as connected to. */
export function seenPorts(channels: readonly DataChannelReport[]): number[] {
  return channels.flatMap(({ announcement, to }) => announcement?.port ?? to.port ?? [])
}
