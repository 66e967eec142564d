import { sha1 } from '@noble/hashes/legacy.js'
import { base64 } from '@scure/base'
import { IpProtocol } from './ip-protocol.js'

const SEED_LENGTH = 2
const DIGEST_LENGTH = 20

/** Allocated once: the buffers of a hash function cost more than hashing so few bytes. */
const FRESH = sha1.create()
const hash = sha1.create()
const digest = new Uint8Array(DIGEST_LENGTH)

/**
 * Community ID v1 of a TCP connection with seed 0, the same for both directions
 * (https://github.com/corelight/community-id-spec). Addresses are their 4 or 16 bytes, of the same version.
 */
export function communityId(
  source: Uint8Array,
  sourcePort: number,
  destination: Uint8Array,
  destinationPort: number,
): string {
  const order = compareBytes(source, destination)
  const swap = order > 0 || (order === 0 && sourcePort > destinationPort)
  const [low, lowPort] = swap ? [destination, destinationPort] : [source, sourcePort]
  const [high, highPort] = swap ? [source, sourcePort] : [destination, destinationPort]

  const input = new Uint8Array(SEED_LENGTH + low.length + high.length + 6)
  input.set(low, SEED_LENGTH)
  input.set(high, SEED_LENGTH + low.length)
  // Protocol, one byte of padding, and the ports.
  input.set([IpProtocol.Tcp, 0, lowPort >> 8, lowPort, highPort >> 8, highPort], input.length - 6)
  FRESH._cloneInto(hash)
  hash.update(input)
  hash.digestInto(digest)
  return `1:${base64.encode(digest)}`
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
