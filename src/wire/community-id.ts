import { sha1 } from '@noble/hashes/legacy.js'
import { base64 } from '@scure/base'
import { IPV4_LENGTH, IPV6_LENGTH } from './address.js'
import { IpProtocol } from './ip-protocol.js'

const SEED_LENGTH = 2
const DIGEST_LENGTH = 20

/** Allocated once: the buffers of a hash function cost more than hashing so few bytes. */
const FRESH = sha1.create()
const hash = sha1.create()
const digest = new Uint8Array(DIGEST_LENGTH)
const INPUT = new Uint8Array(SEED_LENGTH + 2 * IPV4_LENGTH + 6)
const INPUT_OF_IPV6 = new Uint8Array(SEED_LENGTH + 2 * IPV6_LENGTH + 6)

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

  const input = low.length === IPV4_LENGTH ? INPUT : INPUT_OF_IPV6
  input.set(low, SEED_LENGTH)
  input.set(high, SEED_LENGTH + low.length)
  const end = input.length
  input[end - 6] = IpProtocol.Tcp
  // After one byte of padding.
  input[end - 4] = lowPort >> 8
  input[end - 3] = lowPort
  input[end - 2] = highPort >> 8
  input[end - 1] = highPort
  FRESH._cloneInto(hash)
  hash.update(input)
  hash.digestInto(digest)
  return `1:${base64.encode(digest)}`
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
