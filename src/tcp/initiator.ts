import { type Packet, TcpFlag } from '../wire/packet.js'

export interface PortRoles {
  /** Ports that only responders use: they show who is who in a connection captured from its middle. */
  responderPorts: ReadonlySet<number>
  /** Ports below 1024 that initiators use nevertheless. */
  initiatorPorts: ReadonlySet<number>
}

/** Whether the first packet of a connection was sent by its responder; `null` where flags and ports do not show it. */
export function isFromResponder(packet: Packet, { responderPorts, initiatorPorts }: PortRoles): boolean | null {
  if (packet.flags & TcpFlag.Syn) return (packet.flags & TcpFlag.Ack) !== 0
  if (responderPorts.has(packet.destinationPort)) return false
  if (responderPorts.has(packet.sourcePort)) return true
  if (initiatorPorts.has(packet.sourcePort)) return false
  if (initiatorPorts.has(packet.destinationPort)) return true
  if (packet.sourcePort < 1024 !== packet.destinationPort < 1024) return packet.sourcePort < 1024
  return null
}
