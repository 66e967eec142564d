import { u16be, u32be } from '../bytes/read.js'
import type { Frame } from '../capture/frame.js'
import { IpProtocol } from './ip-protocol.js'
import { DONT_FRAGMENT, FRAGMENTED } from './ipv4.js'
import { ETHERNET } from './link-types.js'
import type { Packet } from './packet.js'
import { TcpFlag } from './packet.js'
import { clearOptions, KNOWN_FLAGS } from './tcp.js'

/** Header lengths. */
const ETHERNET_HEADER = 14
const IPV4_HEADER = 20
const TCP_HEADER = 20
/** EtherType of IPv4, then version 4 with a header of five words, as 24 bits. */
const PLAIN_IPV4 = 0x080045

/**
 * The fast path for nearly all frames of nearly all captures: Ethernet, IPv4 without options, a complete TCP segment
 * without SYN. Fills the packet as the headers' own functions would, and returns true. Returns false for every other
 * frame, including damaged ones, which those functions then decode; nothing but the packet's fields has changed.
 */
export function plainTcp(frame: Frame, packet: Packet): boolean {
  const { bytes, start, end } = frame
  if (end - start < ETHERNET_HEADER + IPV4_HEADER + TCP_HEADER || frame.linkType !== ETHERNET) return false
  const ip = start + ETHERNET_HEADER
  if (((bytes[ip - 2]! << 16) | (bytes[ip - 1]! << 8) | bytes[ip]!) !== PLAIN_IPV4) return false
  const fragmentation = u16be(bytes, ip + 6)
  const tcp = ip + IPV4_HEADER
  const flags = bytes[tcp + 13]! & KNOWN_FLAGS
  if ((fragmentation & FRAGMENTED) !== 0 || bytes[ip + 9] !== IpProtocol.Tcp || (flags & TcpFlag.Syn) !== 0)
    return false
  const packetEnd = ip + u16be(bytes, ip + 2)
  const payload = tcp + ((bytes[tcp + 12]! >> 4) << 2)
  if (packetEnd > end || payload > packetEnd || payload < tcp + TCP_HEADER) return false

  packet.version = 4
  packet.sourceAt = ip + 12
  packet.destinationAt = ip + 16
  packet.hopLimit = bytes[ip + 8]!
  packet.identification = u16be(bytes, ip + 4)
  packet.dontFragment = (fragmentation & DONT_FRAGMENT) !== 0
  packet.segmentAt = tcp
  packet.sourcePort = u16be(bytes, tcp)
  packet.destinationPort = u16be(bytes, tcp + 2)
  packet.sequence = u32be(bytes, tcp + 4)
  packet.acknowledgment = u32be(bytes, tcp + 8)
  packet.flags = flags
  packet.window = u16be(bytes, tcp + 14)
  packet.payloadStart = payload
  packet.payloadEnd = packetEnd
  packet.payloadLength = packetEnd - payload
  clearOptions(packet)
  return true
}
