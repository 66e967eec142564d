import { ByteWriter } from './byte-writer.js'
import { frameBytes, LinkType } from './link-writer.js'
import type { ScenePacket } from './scene-packet.js'

export interface CaptureOptions {
  /** Epoch milliseconds of time 0 of the packets. */
  start: number
  /** Nanosecond timestamps; default microseconds. */
  nanosecond?: boolean
  bigEndian?: boolean
  /** Default Ethernet. */
  linkType?: number
  /** Bytes kept of each frame; default all, announced as 262144 like tcpdump does. */
  snapLength?: number
}

const DEFAULT_SNAP_LENGTH = 262_144

/** Classic pcap (draft-ietf-opsawg-pcap). */
export function toPcap(packets: readonly ScenePacket[], options: CaptureOptions): Uint8Array {
  const littleEndian = !options.bigEndian
  const linkType = options.linkType ?? LinkType.Ethernet
  const snapLength = options.snapLength ?? DEFAULT_SNAP_LENGTH
  const writer = new ByteWriter(littleEndian)
  writer
    .u32(options.nanosecond ? 0xa1b23c4d : 0xa1b2c3d4)
    .u16(2, 4)
    .u32(0, 0, snapLength, linkType)
  for (const packet of packets) {
    const frame = frameBytes(packet, linkType, littleEndian)
    const kept = frame.subarray(0, snapLength)
    const time = epochNanoseconds(options.start, packet.time)
    const fraction = Number(time % 1_000_000_000n)
    writer.u32(Number(time / 1_000_000_000n), options.nanosecond ? fraction : Math.floor(fraction / 1000))
    writer.u32(kept.length, frame.length).bytes(kept)
  }
  return writer.result()
}

export interface PcapngOptions extends CaptureOptions {
  /** Comment on packets (opt_comment of the enhanced packet block), by index. */
  comments?: ReadonlyMap<number, string>
}

/** pcapng (draft-ietf-opsawg-pcapng): one section, one interface, enhanced packet blocks. */
export function toPcapng(packets: readonly ScenePacket[], options: PcapngOptions): Uint8Array {
  const littleEndian = !options.bigEndian
  const linkType = options.linkType ?? LinkType.Ethernet
  const snapLength = options.snapLength ?? DEFAULT_SNAP_LENGTH
  const writer = new ByteWriter(littleEndian)
  const block = (type: number, fill: (body: ByteWriter) => void) => {
    const body = new ByteWriter(littleEndian)
    fill(body)
    writer
      .u32(type, body.length + 12)
      .bytes(body.result())
      .u32(body.length + 12)
  }
  block(0x0a0d0d0a, (body) => body.u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff))
  block(1, (body) => {
    body.u16(linkType, 0).u32(snapLength)
    // if_tsresol: 9 is nanoseconds, 6 microseconds (the default, written all the same).
    option(body, 9, Uint8Array.of(options.nanosecond ? 9 : 6))
    body.u16(0, 0)
  })
  packets.forEach((packet, index) => {
    const frame = frameBytes(packet, linkType, littleEndian)
    const kept = frame.subarray(0, snapLength)
    const units = epochNanoseconds(options.start, packet.time) / (options.nanosecond ? 1n : 1000n)
    block(6, (body) => {
      body.u32(0, Number(units >> 32n), Number(units & 0xffffffffn), kept.length, frame.length)
      body.bytes(kept).zeros(-kept.length & 3)
      const comment = options.comments?.get(index)
      if (comment !== undefined) {
        option(body, 1, new TextEncoder().encode(comment))
        body.u16(0, 0)
      }
    })
  })
  return writer.result()
}

function option(body: ByteWriter, code: number, value: Uint8Array): void {
  body
    .u16(code, value.length)
    .bytes(value)
    .zeros(-value.length & 3)
}

function epochNanoseconds(start: number, time: number): bigint {
  return BigInt(start) * 1_000_000n + BigInt(Math.round(time))
}
