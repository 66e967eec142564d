/** A packet of a scene, as values: transforms change these before anything is written. */
export interface ScenePacket {
  /** When the capture saw it: nanoseconds since the start of the scene. */
  time: number
  source: string
  destination: string
  /** IPv4 TTL or IPv6 hop limit, as the capture point sees it. */
  hopLimit: number
  identification: number
  dontFragment: boolean
  /**
   * In bytes; with `moreFragments` it makes this packet a fragment, whose `payload` is then what follows the IP header.
   */
  fragmentOffset: number
  moreFragments: boolean
  /** IP protocol or IPv6 next header: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
  protocol: number
  /** `null` for anything but a whole TCP segment: `payload` then starts after the IP header. */
  tcp: TcpFields | null
  payload: Uint8Array
  /** 802.1Q tags, outermost first; written on Ethernet only. */
  vlans: number[]
}

export interface TcpFields {
  sourcePort: number
  destinationPort: number
  sequence: number
  acknowledgment: number
  /** Bits of the header, see `Flag`. */
  flags: number
  /** As in the header, scaled already. */
  window: number
  urgentPointer: number
  options: TcpOptions
  /** What to add to the correct checksum: 0 unless it is to be wrong. */
  checksumError: number
}

export interface TcpOptions {
  maximumSegmentSize?: number
  windowScale?: number
  sackPermitted?: boolean
  timestamps?: { value: number; echo: number }
  /** Blocks of a SACK option: first sequence number of each, and the one after it. */
  sack?: [number, number][]
}

export const Flag = { Fin: 1, Syn: 2, Rst: 4, Psh: 8, Ack: 16, Urg: 32 } as const

export const Protocol = { Icmp: 1, Tcp: 6, Udp: 17, Icmp6: 58 } as const

/** A packet with its own copies of everything that a transform may change. */
export function clonePacket(packet: ScenePacket, changes: Partial<ScenePacket> = {}): ScenePacket {
  const tcp = packet.tcp && { ...packet.tcp, options: { ...packet.tcp.options } }
  return { ...packet, tcp, vlans: [...packet.vlans], ...changes }
}
