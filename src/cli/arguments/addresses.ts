import { isIP } from 'node:net'
import { InvalidArgumentError } from 'commander'

/** Parser of an option that takes comma-separated IP addresses and may be repeated. */
export function addressList(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((part) => canonical(part.trim()))]
}

/** Parser of an option that takes one IP address. */
export function oneAddress(text: string): string {
  return canonical(text.trim())
}

/** As reports write it: IPv6 compressed and in lower case (RFC 5952), without a zone, which packets do not contain. */
function canonical(address: string): string {
  const [bare = ''] = address.split('%')
  const family = isIP(bare)
  if (family === 0) throw new InvalidArgumentError('Give an IPv4 or IPv6 address.')
  return family === 4 ? bare : new URL(`http://[${bare}]`).hostname.slice(1, -1)
}
