import { addressBytes } from './address-bytes.js'
import { ByteWriter } from './byte-writer.js'
import { Protocol, type ScenePacket, type TcpOptions } from './scene-packet.js'

/** IP packet with right checksums. IPv6 fragments get a fragment header (RFC 8200 §4.5). */
export function ipBytes(packet: ScenePacket): Uint8Array {
  const source = addressBytes(packet.source)
  const destination = addressBytes(packet.destination)
  const body = transportBytes(packet)
  return source.length === 4 ? ipv4(packet, source, destination, body) : ipv6(packet, source, destination, body)
}

/** What follows the IP header: the TCP segment, or the payload as it is. */
export function transportBytes(packet: ScenePacket): Uint8Array {
  const tcp = packet.tcp
  if (!tcp) return packet.payload
  const options = tcpOptionBytes(tcp.options)
  const segment = new ByteWriter()
    .u16(tcp.sourcePort, tcp.destinationPort)
    .u32(tcp.sequence >>> 0, tcp.acknowledgment >>> 0)
    .u8(((20 + options.length) / 4) << 4, tcp.flags)
    .u16(tcp.window, 0, tcp.urgentPointer)
    .bytes(options)
    .bytes(packet.payload)
    .result()
  const checksum = (pseudoHeaderChecksum(packet, segment) + tcp.checksumError) & 0xffff
  new DataView(segment.buffer).setUint16(16, checksum)
  return segment
}

/** Internet checksum (RFC 1071) of a message together with its IP pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1). */
export function pseudoHeaderChecksum(
  packet: Pick<ScenePacket, 'source' | 'destination' | 'protocol'>,
  message: Uint8Array,
): number {
  const pseudo = new ByteWriter()
    .bytes(addressBytes(packet.source))
    .bytes(addressBytes(packet.destination))
    .u32(message.length, packet.protocol)
    .bytes(message)
  return internetChecksum(pseudo.result())
}

export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

function ipv4(packet: ScenePacket, source: Uint8Array, destination: Uint8Array, body: Uint8Array): Uint8Array {
  const flags = (packet.dontFragment ? 0x4000 : 0) | (packet.moreFragments ? 0x2000 : 0)
  const header = new ByteWriter()
    .u8(0x45, 0)
    .u16(20 + body.length, packet.identification, flags | (packet.fragmentOffset >>> 3))
    .u8(packet.hopLimit, packet.protocol, 0, 0)
    .bytes(source)
    .bytes(destination)
    .result()
  new DataView(header.buffer).setUint16(10, internetChecksum(header))
  return new ByteWriter().bytes(header).bytes(body).result()
}

const FRAGMENT_HEADER = 44

function ipv6(packet: ScenePacket, source: Uint8Array, destination: Uint8Array, body: Uint8Array): Uint8Array {
  const fragmented = packet.moreFragments || packet.fragmentOffset > 0
  const writer = new ByteWriter()
    .u32(0x60000000)
    .u16(body.length + (fragmented ? 8 : 0))
    .u8(fragmented ? FRAGMENT_HEADER : packet.protocol, packet.hopLimit)
    .bytes(source)
    .bytes(destination)
  if (fragmented) {
    writer
      .u8(packet.protocol, 0)
      .u16(packet.fragmentOffset | (packet.moreFragments ? 1 : 0))
      .u32(packet.identification)
  }
  return writer.bytes(body).result()
}

function tcpOptionBytes(options: TcpOptions): Uint8Array {
  const writer = new ByteWriter()
  if (options.maximumSegmentSize !== undefined) writer.u8(2, 4).u16(options.maximumSegmentSize)
  if (options.sackPermitted) writer.u8(4, 2)
  if (options.timestamps) {
    if (!options.sackPermitted) writer.u8(1, 1)
    writer.u8(8, 10).u32(options.timestamps.value >>> 0, options.timestamps.echo >>> 0)
  }
  if (options.windowScale !== undefined) writer.u8(1, 3, 3, options.windowScale)
  if (options.sack) {
    writer.u8(1, 1, 5, 2 + 8 * options.sack.length)
    for (const [left, right] of options.sack) writer.u32(left >>> 0, right >>> 0)
  }
  while (writer.length % 4 !== 0) writer.u8(writer.length % 4 === 3 ? 0 : 1)
  return writer.result()
}

/** An ICMP or ICMPv6 error that quotes a packet (RFC 792: header and as much as fits; RFC 4443 §3). */
export interface IcmpError {
  type: number
  code: number
  /** Who sends it: a router, or the destination itself. */
  from: string
  hopLimit?: number
  /** Next-hop MTU of "fragmentation needed" / "packet too big". */
  mtu?: number
  /** Bytes of the quoted packet to keep; Linux quotes up to 576 in all, RFC 792 demands the header and 8. */
  quote?: number
}

/** The error as a packet to the sender of `quoted`, captured at `time`. */
export function icmpPacket(error: IcmpError, quoted: ScenePacket, time: number): ScenePacket {
  const version6 = quoted.source.includes(':')
  const writer = new ByteWriter().u8(error.type, error.code).u16(0)
  // RFC 4443 §3.2 gives the MTU 32 bits, RFC 1191 §4 the lower 16.
  writer.u32(error.mtu ?? 0)
  const message = writer.bytes(ipBytes(quoted).subarray(0, error.quote ?? 548)).result()
  const addresses = {
    source: error.from,
    destination: quoted.source,
    protocol: version6 ? Protocol.Icmp6 : Protocol.Icmp,
  }
  const checksum = version6 ? pseudoHeaderChecksum(addresses, message) : internetChecksum(message)
  new DataView(message.buffer).setUint16(2, checksum)
  return {
    ...addresses,
    time,
    hopLimit: error.hopLimit ?? 255,
    identification: quoted.identification ^ 0x5a5a,
    dontFragment: false,
    fragmentOffset: 0,
    moreFragments: false,
    tcp: null,
    payload: message,
    vlans: [],
  }
}

/** A UDP datagram: noise of other protocols. */
export function udpBytes(
  from: { address: string; port: number },
  to: { address: string; port: number },
  payload: Uint8Array,
): Uint8Array {
  const datagram = new ByteWriter()
    .u16(from.port, to.port, 8 + payload.length, 0)
    .bytes(payload)
    .result()
  const checksum = pseudoHeaderChecksum(
    { source: from.address, destination: to.address, protocol: Protocol.Udp },
    datagram,
  )
  new DataView(datagram.buffer).setUint16(6, checksum === 0 ? 0xffff : checksum)
  return datagram
}
