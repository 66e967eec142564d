import { copyPacket, type Packet } from '../wire/packet.js'

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
