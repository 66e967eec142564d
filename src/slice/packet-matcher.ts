import { type Packet, PacketKind, TcpFlag } from '../wire/packet.js'
import { bytesKey, packetKey, type SessionConnection } from './session-packets.js'

/** The connections with one key, in the order of their first frames. */
interface Uses {
  connections: SessionConnection[]
  /** The latest of them that has begun, and whether another connection of the same endpoints has begun since. */
  current: number
  isOver: boolean
}

const PORTS = 65_536

/** Finds the connection of chosen sessions to which a packet belongs. Packets come in the order of the capture. */
export class PacketMatcher {
  readonly #ports = new Uint8Array(PORTS)
  readonly #uses = new Map<string, Uses>()

  constructor(connections: readonly SessionConnection[]) {
    for (const connection of connections.toSorted((a, b) => a.firstFrame - b.firstFrame)) {
      const uses = this.#uses.get(connection.keys[0]) ?? { connections: [], current: -1, isOver: false }
      uses.connections.push(connection)
      for (const key of connection.keys) this.#uses.set(key, uses)
      for (const port of connection.ports) this.#ports[port] = 1
    }
  }

  /** The connection of a TCP segment, or of the one that an ICMP error quotes; `null` if it was not chosen. */
  match(kind: PacketKind, packet: Packet): SessionConnection | null {
    if (kind === PacketKind.Other || !this.#ports[packet.sourcePort] || !this.#ports[packet.destinationPort])
      return null
    const isError = kind === PacketKind.IcmpError
    const uses = this.#uses.get(keyOf(packet, isError))
    if (!uses) return null
    begin(uses, packet.frame)
    const connection = uses.connections[uses.current]
    if (!connection) return null
    if (packet.frame > connection.lastFrame && !isError && opens(packet)) uses.isOver = true
    return uses.isOver ? null : connection
  }
}

/** Moves on to the latest connection that has begun by this frame. */
function begin(uses: Uses, frame: number): void {
  const { connections } = uses
  while ((connections[uses.current + 1]?.firstFrame ?? Infinity) <= frame) {
    uses.current++
    uses.isOver = false
  }
}

function keyOf(packet: Packet, isError: boolean): string {
  const { bytes, sourceAt, destinationAt, quotedSourceAt, quotedDestinationAt, sourcePort, destinationPort } = packet
  const length = packet.version === 4 ? 4 : 16
  return packetKey(
    bytesKey(bytes, isError ? quotedSourceAt : sourceAt, length),
    sourcePort,
    bytesKey(bytes, isError ? quotedDestinationAt : destinationAt, length),
    destinationPort,
  )
}

/** A SYN of an initiator: after the end of a connection, that of another one. */
function opens({ flags }: Packet): boolean {
  return (flags & TcpFlag.Syn) !== 0 && (flags & TcpFlag.Ack) === 0
}
