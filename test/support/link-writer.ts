import { addressBytes } from './address-bytes.js'
import { ByteWriter } from './byte-writer.js'
import { ipBytes } from './packet-writer.js'
import type { ScenePacket } from './scene-packet.js'

/** Link types (https://www.tcpdump.org/linktypes.html) that scenes can be written as. */
export const LinkType = {
  Null: 0,
  Ethernet: 1,
  Raw: 101,
  Loop: 108,
  LinuxCooked: 113,
  Ipv4: 228,
  Ipv6: 229,
  LinuxCooked2: 276,
} as const

/**
 * The frame: link-layer header and IP packet. `littleEndian` is the file's byte order, in which NULL writes its family.
 */
export function frameBytes(packet: ScenePacket, linkType: number, littleEndian: boolean): Uint8Array {
  const ip = ipBytes(packet)
  return new ByteWriter()
    .bytes(linkHeader(packet, linkType, littleEndian))
    .bytes(ip)
    .result()
}

function linkHeader(packet: ScenePacket, linkType: number, littleEndian: boolean): Uint8Array {
  const version6 = packet.source.includes(':')
  const etherType = version6 ? 0x86dd : 0x0800
  // AF_INET6 is 30 on macOS, whose captures NULL and LOOP mostly are.
  const family = version6 ? 30 : 2
  switch (linkType) {
    case LinkType.Ethernet:
      return ethernet(packet, etherType)
    case LinkType.Null:
      return new ByteWriter(littleEndian).u32(family).result()
    case LinkType.Loop:
      return new ByteWriter().u32(family).result()
    case LinkType.LinuxCooked:
      return new ByteWriter().u16(0, 1, 6).bytes(macOf(packet.source)).u16(0, etherType).result()
    case LinkType.LinuxCooked2:
      return new ByteWriter().u16(etherType, 0).u32(2).u16(1).u8(0, 6).bytes(macOf(packet.source)).u16(0).result()
    case LinkType.Raw:
    case LinkType.Ipv4:
    case LinkType.Ipv6:
      return new Uint8Array(0)
    default:
      throw new Error(`Scenes cannot be written as link type ${linkType}`)
  }
}

function ethernet(packet: ScenePacket, etherType: number): Uint8Array {
  const writer = new ByteWriter().bytes(macOf(packet.destination)).bytes(macOf(packet.source))
  packet.vlans.forEach((id, index) => {
    // The outer of two tags is a service tag (802.1ad).
    writer.u16(index === 0 && packet.vlans.length > 1 ? 0x88a8 : 0x8100, id)
  })
  return writer.u16(etherType).result()
}

/** A locally administered address made from the IP address, always the same. */
function macOf(address: string): Uint8Array {
  return Uint8Array.of(0x02, 0x00, ...addressBytes(address).slice(-4))
}
