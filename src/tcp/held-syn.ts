import { copyPacket, type Packet, TcpFlag } from '../wire/packet.js'

/** A SYN inside an open connection: it opens a new one on the same ports, or is not taken. */
export class HeldSyn {
  readonly packet: Packet
  /** Of the connection table. */
  readonly row: number
  /** Wireshark counts a connection from such a SYN on, whatever follows. */
  readonly stream: number

  constructor(packet: Packet, row: number, stream: number) {
    this.packet = copyPacket(packet)
    this.row = row
    this.stream = stream
  }
}

/**
 * What a later packet of the connection shows: the SYN was taken, by its answer or by what follows it; or it was not,
 * as its sender goes on with the old numbers (`goesOn`). `null` if neither.
 */
export function proofOf({ packet: syn }: HeldSyn, packet: Packet, goesOn: boolean): 'taken' | 'refused' | null {
  const next = (syn.sequence + 1) >>> 0
  if (packet.sourcePort !== syn.sourcePort || !isSameSource(packet, syn)) {
    const answers = packet.flags & TcpFlag.Ack && packet.flags & (TcpFlag.Syn | TcpFlag.Rst)
    return answers !== 0 && packet.acknowledgment === next ? 'taken' : null
  }
  if (packet.flags & TcpFlag.Rst) return null
  if (packet.sequence === next) return 'taken'
  return goesOn ? 'refused' : null
}

/** Whether two packets of one connection have the same sender, where both ends may have the same port. */
function isSameSource(packet: Packet, other: Packet): boolean {
  const length = packet.version === 6 ? 16 : 4
  for (let i = 0; i < length; i++)
    if (packet.bytes[packet.sourceAt + i] !== other.bytes[other.sourceAt + i]) return false
  return true
}
