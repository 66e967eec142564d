/** A packet of a capture; `time` in nanoseconds since 1970. */
export interface Packet {
  readonly time: bigint
  readonly data: Uint8Array
  readonly originalLength: number
}

export interface Capture {
  readonly linkType: number
  readonly snapLength: number
  readonly packets: readonly Packet[]
}

const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d

/** Reads what tcpdump wrote in the lab: classic pcap, little-endian, microseconds. */
export function readPcap(file: Uint8Array): Capture {
  // A Buffer's slice would be a view; a plain array's is a copy.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0, true) !== MICROSECONDS) throw new Error('Not a little-endian microsecond pcap file')
  const packets: Packet[] = []
  for (let at = 24; at + 16 <= bytes.length;) {
    const length = view.getUint32(at + 8, true)
    packets.push({
      time: BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) * 1000n,
      data: bytes.slice(at + 16, at + 16 + length),
      originalLength: view.getUint32(at + 12, true),
    })
    at += 16 + length
  }
  return { linkType: view.getUint32(20, true), snapLength: view.getUint32(16, true), packets }
}

export interface PcapFormat {
  readonly bigEndian?: boolean
  readonly nanoseconds?: boolean
}

export function writePcap(capture: Capture, { bigEndian = false, nanoseconds = false }: PcapFormat = {}): Uint8Array {
  const size = capture.packets.reduce((sum, { data }) => sum + 16 + data.length, 24)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const little = !bigEndian
  view.setUint32(0, nanoseconds ? NANOSECONDS : MICROSECONDS, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, capture.snapLength, little)
  view.setUint32(20, capture.linkType, little)
  let at = 24
  for (const { time, data, originalLength } of capture.packets) {
    const fraction = Number(time % 1_000_000_000n)
    view.setUint32(at, Number(time / 1_000_000_000n), little)
    view.setUint32(at + 4, nanoseconds ? fraction : Math.floor(fraction / 1000), little)
    view.setUint32(at + 8, data.length, little)
    view.setUint32(at + 12, originalLength, little)
    bytes.set(data, at + 16)
    at += 16 + data.length
  }
  return bytes
}

/** pcapng with one section, one interface and enhanced packet blocks in microseconds. */
export function writePcapng({ linkType, snapLength, packets }: Capture): Uint8Array {
  const blocks = [sectionHeader(), interfaceDescription(linkType, snapLength), ...packets.map(enhancedPacket)]
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    bytes.set(block, at)
    at += block.length
  }
  return bytes
}

function block(type: number, bodyLength: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const length = 12 + Math.ceil(bodyLength / 4) * 4
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  view.setUint32(length - 4, length, true)
  fill(new DataView(bytes.buffer, 8, length - 12), bytes.subarray(8, length - 4))
  return bytes
}

function sectionHeader(): Uint8Array {
  return block(0x0a0d0d0a, 16, (view) => {
    view.setUint32(0, 0x1a2b3c4d, true)
    view.setUint16(4, 1, true)
    view.setBigInt64(8, -1n, true)
  })
}

function interfaceDescription(linkType: number, snapLength: number): Uint8Array {
  return block(1, 8, (view) => {
    view.setUint16(0, linkType, true)
    view.setUint32(4, snapLength, true)
  })
}

function enhancedPacket({ time, data, originalLength }: Packet): Uint8Array {
  return block(6, 20 + data.length, (view, bytes) => {
    const microseconds = time / 1000n
    view.setUint32(4, Number(microseconds >> 32n), true)
    view.setUint32(8, Number(microseconds & 0xffffffffn), true)
    view.setUint32(12, data.length, true)
    view.setUint32(16, originalLength, true)
    bytes.set(data, 20)
  })
}
