/** What an ALG between server and client makes of a dialogue whose 227 becomes longer. */
import { clonePacket, type ScenePacket } from './scene-packet.js'

export interface Lengthening {
  inside: string
  outside: string
  /** Added to sequence numbers and acknowledgments after it: what it became longer, if the ALG does it right. */
  corrected: number
  /** What the 227 names instead of the two addresses, in its own form. */
  words?: { inside: string; outside: string }
}

/** Packets as the client's side shows them, by those of the server's side. */
export function lengthened(
  packets: readonly ScenePacket[],
  { inside, outside, corrected, words }: Lengthening,
): (packet: ScenePacket, index: number) => ScenePacket[] {
  const text = ({ payload }: ScenePacket): string => new TextDecoder().decode(payload)
  const at = packets.findIndex((packet) => packet.tcp?.sourcePort === 21 && text(packet).startsWith('227 '))
  const reply = packets[at]!
  const end = reply.tcp!.sequence + reply.payload.length
  const commas = (address: string): string => address.replaceAll('.', ',')
  const named = words ?? { inside: commas(inside), outside: commas(outside) }
  return (packet, index) => {
    const tcp = { ...packet.tcp! }
    if (tcp.sourcePort === 21 && (tcp.sequence - end) >> 0 >= 0) tcp.sequence = (tcp.sequence + corrected) >>> 0
    if (tcp.destinationPort === 21 && (tcp.acknowledgment - end) >> 0 >= 0) {
      tcp.acknowledgment = (tcp.acknowledgment + corrected) >>> 0
    }
    const payload =
      index === at ? new TextEncoder().encode(text(packet).replace(named.inside, named.outside)) : packet.payload
    const address = (end: string): string => (end === inside ? outside : end)
    return [
      clonePacket(packet, { source: address(packet.source), destination: address(packet.destination), tcp, payload }),
    ]
  }
}
