import type { Packet } from '../../wire/packet.js'
import { bytesKey, packetKey } from '../session-packets.js'
import type { Covered } from './checksums.js'

/** The key of a packet with these addresses. */
export function keyOf(
  { bytes, version, sourcePort, destinationPort }: Packet,
  source: number,
  destination: number,
): string {
  const length = version === 4 ? 4 : 16
  return packetKey(bytesKey(bytes, source, length), sourcePort, bytesKey(bytes, destination, length), destinationPort)
}

/** The parts of an IP header that a checksum above it covers. */
export function pseudoHeader(source: number, destination: number, version: number): Covered[] {
  const length = version === 4 ? 4 : 16
  return [
    [source, source + length],
    [destination, destination + length],
  ]
}
