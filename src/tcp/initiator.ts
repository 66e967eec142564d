import { type Packet, TcpFlag } from '../wire/packet.js'

export interface PortRoles {
  /** Ports that only servers use: who is which in a connection captured from its middle. */
  serverPorts: ReadonlySet<number>
  /** Ports below 1024 that initiators use all the same. */
  initiatorPorts: ReadonlySet<number>
}

/** Whether the first packet seen of a connection was sent by its server; `null` where neither flags nor ports tell. */
export function isFromServer(packet: Packet, { serverPorts, initiatorPorts }: PortRoles): boolean | null {
  if (packet.flags & TcpFlag.Syn) return (packet.flags & TcpFlag.Ack) !== 0
  if (serverPorts.has(packet.destinationPort)) return false
  if (serverPorts.has(packet.sourcePort)) return true
  if (initiatorPorts.has(packet.sourcePort)) return false
  if (initiatorPorts.has(packet.destinationPort)) return true
  if (packet.sourcePort < 1024 !== packet.destinationPort < 1024) return packet.sourcePort < 1024
  return null
}
