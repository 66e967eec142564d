import { type Packet, TcpFlag } from '../wire/packet.js'

export interface PortRoles {
  /** Ports that only responders use: who is which in a connection captured from its middle. */
  responderPorts: ReadonlySet<number>
  /** Ports below 1024 that initiators use all the same. */
  initiatorPorts: ReadonlySet<number>
}

/** Whether the first packet seen of a connection was sent by its responder; `null` where neither flags nor ports tell. */
export function isFromResponder(
  packet: Packet,
  { responderPorts: responderPorts, initiatorPorts }: PortRoles,
): boolean | null {
  if (packet.flags & TcpFlag.Syn) return (packet.flags & TcpFlag.Ack) !== 0
  if (responderPorts.has(packet.destinationPort)) return false
  if (responderPorts.has(packet.sourcePort)) return true
  if (initiatorPorts.has(packet.sourcePort)) return false
  if (initiatorPorts.has(packet.destinationPort)) return true
  if (packet.sourcePort < 1024 !== packet.destinationPort < 1024) return packet.sourcePort < 1024
  return null
}
