import { addressText, IPV4_LENGTH, parseAddress } from '../../wire/address.js'

/**
 * An address in a command or reply, written in the same canonical form as packet addresses; `null` if it is not one. A
 * zone ("%eth0") is removed: it has no meaning outside the sender's host.
 */
export function announcedAddress(text: string): { version: 4 | 6; address: string } | null {
  const bytes = parseAddress(text.replace(/%[\w.-]{1,32}$/, ''))
  if (!bytes) return null
  const version = bytes.length === IPV4_LENGTH ? 4 : 6
  return { version, address: addressText(bytes, 0, version) }
}
