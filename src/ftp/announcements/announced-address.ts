import { addressText, IPV4_LENGTH, parseAddress } from '../../wire/address.js'

/**
 * An address inside a command or reply, in the one form in which packets' addresses are written too; `null` when it is none. A zone
 * ("%eth0") is left out: it means something on the sender's host only.
 */
export function announcedAddress(text: string): { version: 4 | 6; address: string } | null {
  const bytes = parseAddress(text.replace(/%[\w.-]{1,32}$/, ''))
  if (!bytes) return null
  const version = bytes.length === IPV4_LENGTH ? 4 : 6
  return { version, address: addressText(bytes, 0, version) }
}
