import { clonePacket, Flag, Protocol, type ScenePacket, type TcpFields } from '../support/scene-packet.js'
import { icmpPacket } from '../support/packet-writer.js'

/** How a forged packet differs from its host's others. */
export const MARKS = ['hop limit', 'checksum', 'identification'] as const
export type Mark = (typeof MARKS)[number]

/** What is forged. A reply is 8 to 50 bytes that the server never sent. */
export const FORGERIES = {
  reset: tcp({ flags: Flag.Rst | Flag.Ack }),
  'reset without acknowledgment': tcp({ flags: Flag.Rst }),
  'old reset': tcp({ flags: Flag.Rst }, '', -40),
  'reset ahead': tcp({ flags: Flag.Rst }, '', 300_000_000),
  fin: tcp({ flags: Flag.Fin | Flag.Ack }),
  'fin ahead': tcp({ flags: Flag.Fin | Flag.Ack }, '', 5000),
  syn: tcp({ flags: Flag.Syn }, '', 1_234_567_890),
  'syn, ack': tcp({ flags: Flag.Syn | Flag.Ack }, '', 1_234_567_890),
  'acknowledgment ahead': tcp({ flags: Flag.Ack }, '', 0, 9000),
  421: tcp({}, '421 Service not available, closing control connection.\r\n'),
  426: tcp({}, '426 Connection closed; transfer aborted.\r\n'),
  530: tcp({}, '530 Login incorrect.\r\n'),
  226: tcp({}, '226 Transfer complete.\r\n'),
  550: tcp({}, '550 No.\r\n'),
  227: tcp({}, '227 Entering Passive Mode (10,9,8,7,200,10).\r\n'),
  'reply already sent': tcp({}, '421 Timeout.\r\n', -14),
  command: tcp({}, 'QUIT\r\n'),
  unreachable: icmp,
} satisfies Record<string, Forger>

export type Forgery = keyof typeof FORGERIES

/** State of one direction up to a packet. */
interface Sent {
  packet: ScenePacket
  next: number
}

type Forger = (sent: Sent, peer: Sent | null, toServer: boolean) => ScenePacket | null

/** The packets with one more, forged, after that at `index`; `null` where that makes no sense. */
export function forged(
  packets: readonly ScenePacket[],
  index: number,
  name: Forgery,
  fromPeer: boolean,
  mark: Mark,
): ScenePacket[] | null {
  const here = packets[index]!
  if (!here.tcp) return null
  const [own, peer] = [sentBy(packets, index, here, false), sentBy(packets, index, here, true)]
  const [sent, other] = fromPeer ? [peer, own] : [own, peer]
  if (!sent) return null
  const forgery = FORGERIES[name](sent, other, sent.packet.tcp!.destinationPort === 21)
  if (!forgery) return null
  const marked = withMark(forgery, sent.packet, mark)
  const next = packets[index + 1]
  const time = next ? (here.time + next.time) / 2 : here.time + 1e6
  return marked && [...packets.slice(0, index + 1), { ...marked, time }, ...packets.slice(index + 1)]
}

function withMark(forgery: ScenePacket, usual: ScenePacket, mark: Mark): ScenePacket | null {
  switch (mark) {
    case 'hop limit':
      return forgery.tcp && { ...forgery, hopLimit: usual.hopLimit === 1 ? 3 : 1 }
    case 'checksum':
      if (forgery.tcp) return { ...forgery, tcp: { ...forgery.tcp, checksumError: 0x1234 } }
      forgery.payload[3]! ^= 0x55
      return forgery
    case 'identification':
      if (usual.source.includes(':') || !forgery.tcp) return null
      return { ...forgery, identification: (usual.identification + 0x8000) & 0xffff }
  }
}

/** The latest packet of a direction, and what follows the highest byte that it carried. */
function sentBy(packets: readonly ScenePacket[], index: number, like: ScenePacket, reversed: boolean): Sent | null {
  const { sourcePort, destinationPort } = like.tcp!
  let sent: Sent | null = null
  for (const packet of packets.slice(0, index + 1)) {
    if (!packet.tcp) continue
    const same = reversed
      ? packet.source === like.destination &&
        packet.tcp.sourcePort === destinationPort &&
        packet.tcp.destinationPort === sourcePort
      : packet.source === like.source &&
        packet.tcp.sourcePort === sourcePort &&
        packet.tcp.destinationPort === destinationPort
    if (!same) continue
    const { flags, sequence } = packet.tcp
    const length = packet.payload.length + (flags & Flag.Syn ? 1 : 0) + (flags & Flag.Fin ? 1 : 0)
    const next = (sequence + length) >>> 0
    const restarts: boolean = sent === null || (flags & Flag.Syn) !== 0
    sent = { packet, next: restarts || ((next - sent!.next) | 0) > 0 ? next : sent!.next }
  }
  return sent
}

function tcp(fields: Partial<TcpFields>, payload = '', ahead = 0, acknowledgesAhead = 0): Forger {
  return (sent, peer, toServer) => {
    if (payload !== '' && (payload.startsWith('QUIT') ? !toServer : sent.packet.tcp!.sourcePort !== 21)) return null
    const flags = fields.flags ?? Flag.Ack | Flag.Psh
    const acknowledgment = flags & Flag.Ack && peer ? (peer.next + acknowledgesAhead) >>> 0 : 0
    return clonePacket(sent.packet, {
      payload: new TextEncoder().encode(payload),
      identification: (sent.packet.identification + 1) & 0xffff,
      tcp: { ...sent.packet.tcp!, flags, sequence: (sent.next + ahead) >>> 0, acknowledgment, options: {} },
    })
  }
}

function icmp({ packet }: Sent): ScenePacket {
  const version6 = packet.source.includes(':')
  const error = version6 ? { type: 1, code: 1 } : { type: 3, code: 13 }
  const sent = icmpPacket({ ...error, from: packet.destination }, packet, packet.time)
  return { ...sent, protocol: version6 ? Protocol.Icmp6 : Protocol.Icmp }
}

/** Whether both ends of the connection of a packet have sent a FIN, or one a RST, by then. */
export function isAfterClose(packets: readonly ScenePacket[], index: number): boolean {
  const here = packets[index]!.tcp
  if (!here) return false
  const ports = [here.sourcePort, here.destinationPort].toSorted().join()
  const closing = packets.slice(0, index + 1).flatMap(({ tcp }) => {
    if (tcp === null || [tcp.sourcePort, tcp.destinationPort].toSorted().join() !== ports) return []
    return tcp.flags & (Flag.Fin | Flag.Rst) ? [tcp] : []
  })
  const senders = new Set(closing.map(({ sourcePort }) => sourcePort))
  return senders.size > 1 || closing.some(({ flags }) => (flags & Flag.Rst) !== 0)
}
