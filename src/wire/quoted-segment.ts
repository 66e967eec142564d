import { u16be, u32be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { truncated } from './cursor.js'
import type { Packet } from './packet.js'
import { PacketKind } from './packet.js'
import { clearOptions, KNOWN_FLAGS } from './tcp.js'

/** What every ICMP error must quote of the segment (RFC 792): ports and sequence number. */
const LEAST = 8
/** Includes acknowledgment, flags and window. */
const UP_TO_WINDOW = 16

/** The part of the TCP header that an ICMP error quotes: fields beyond the quote are 0. */
export function quotedSegment(cursor: Cursor, packet: Packet): PacketKind {
  const { bytes, at, end } = cursor
  if (end - at < LEAST) {
    truncated(cursor, 'icmp-quoted-segment', LEAST)
    return PacketKind.Other
  }
  packet.sourcePort = u16be(bytes, at)
  packet.destinationPort = u16be(bytes, at + 2)
  packet.sequence = u32be(bytes, at + 4)
  const more = end - at >= UP_TO_WINDOW
  packet.acknowledgment = more ? u32be(bytes, at + 8) : 0
  packet.flags = more ? bytes[at + 13]! & KNOWN_FLAGS : 0
  packet.window = more ? u16be(bytes, at + 14) : 0
  packet.segmentAt = end
  packet.payloadStart = end
  packet.payloadEnd = end
  packet.payloadLength = 0
  clearOptions(packet)
  return PacketKind.IcmpError
}
