import { byteCount } from '../bytes/byte-count.js'
import { u16be, u32be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { malformed, truncated } from './cursor.js'
import type { Packet } from './packet.js'
import { PacketKind, TcpFlag } from './packet.js'
import { tcpOptions } from './tcp-options.js'

const HEADER = 20
/** Up to the window: the minimum that must be captured. Frames snapped at 68 bytes can end inside the header. */
const LEAST = 16
/** FIN to URG (RFC 793 §3.1), without the ECN flags. */
export const KNOWN_FLAGS = 0x3f

/** TCP header (RFC 9293 §3.1). The checksum is verified where a verdict can rest on it (`checksumState`). */
export function tcp(cursor: Cursor, packet: Packet): PacketKind {
  const { bytes, at, end } = cursor
  if (end - at < LEAST) {
    truncated(cursor, 'tcp-header', LEAST)
    return PacketKind.Other
  }
  const headerLength = (bytes[at + 12]! >> 4) << 2
  const payloadLength = cursor.wireEnd - at - headerLength
  if (headerLength < HEADER || payloadLength < 0) {
    malformed(
      cursor,
      'tcp-data-offset',
      `data offset of ${byteCount(headerLength)} in a segment of ${byteCount(cursor.wireEnd - at)}`,
    )
    return PacketKind.Other
  }
  const flags = bytes[at + 13]! & KNOWN_FLAGS
  packet.segmentAt = at
  packet.sourcePort = u16be(bytes, at)
  packet.destinationPort = u16be(bytes, at + 2)
  packet.sequence = u32be(bytes, at + 4)
  packet.acknowledgment = u32be(bytes, at + 8)
  packet.flags = flags
  packet.window = u16be(bytes, at + 14)
  const payload = at + headerLength
  packet.payloadStart = payload < end ? payload : end
  packet.payloadEnd = end
  packet.payloadLength = payloadLength
  clearOptions(packet)
  if ((flags & TcpFlag.Syn) !== 0) tcpOptions(cursor, packet, at + HEADER, packet.payloadStart)
  return PacketKind.Tcp
}

/** Clears the options of an earlier SYN. */
export function clearOptions(packet: Packet): void {
  packet.maximumSegmentSize = -1
  packet.windowScale = -1
  packet.sackPermitted = false
  packet.timestampValue = -1
}
