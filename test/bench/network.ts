import type { CaptureWriter } from './capture-writer.js'

export const Flag = { Fin: 1, Syn: 2, Rst: 4, Ack: 16 } as const

export interface Host {
  /** 4 or 16 bytes. */
  address: Uint8Array
}

const ETHERNET = 14
const NOTHING = new Uint8Array(0)

/**
 * Puts TCP segments into frames: Ethernet, perhaps a VLAN tag, IPv4 or IPv6, perhaps as two fragments. Checksums stay
 * 0.
 */
export class Network {
  /** Nanoseconds since the start of the capture. */
  now = 0
  connections = 0
  /** VLAN identifier of the next frames; 0 for none. */
  vlan = 0
  readonly writer: CaptureWriter
  #identification = 0

  constructor(writer: CaptureWriter) {
    this.writer = writer
  }

  /** One segment; with `fragmented` its IP packet comes in two frames. */
  segment(
    source: Host,
    sourcePort: number,
    destination: Host,
    destinationPort: number,
    sequence: number,
    acknowledgment: number,
    flags: number,
    payload: Uint8Array = NOTHING,
    fragmented = false,
  ): void {
    const { bytes } = this.writer
    const start = this.writer.begin()
    const ip = this.#link(start, source.address.length === 16)
    const tcp = ip + (source.address.length === 16 ? 40 : 20)
    const headerLength = flags & Flag.Syn ? 24 : 20
    u16(bytes, tcp, sourcePort)
    u16(bytes, tcp + 2, destinationPort)
    u32(bytes, tcp + 4, sequence)
    u32(bytes, tcp + 8, acknowledgment)
    bytes[tcp + 12] = headerLength << 2
    bytes[tcp + 13] = flags
    u16(bytes, tcp + 14, 0xffff)
    u32(bytes, tcp + 16, 0)
    // Maximum segment size of a SYN.
    if (flags & Flag.Syn) u32(bytes, tcp + 20, 0x020405b4)
    bytes.set(payload, tcp + headerLength)
    const length = headerLength + payload.length
    this.#identification = (this.#identification + 1) & 0xffff
    if (fragmented && source.address.length === 4) this.#twoFragments(start, ip, source, destination, length)
    else {
      ipHeader(bytes, ip, source.address, destination.address, length, this.#identification, 0x4000)
      this.writer.end(tcp - start + length, this.now)
    }
  }

  #link(start: number, version6: boolean): number {
    const { bytes } = this.writer
    bytes.fill(2, start, start + 12)
    let at = start + ETHERNET - 2
    if (this.vlan > 0) {
      u16(bytes, at, 0x8100)
      u16(bytes, at + 2, this.vlan)
      at += 4
    }
    u16(bytes, at, version6 ? 0x86dd : 0x0800)
    return at + 2
  }

  #twoFragments(start: number, ip: number, source: Host, destination: Host, length: number): void {
    const { bytes } = this.writer
    const body = bytes.slice(ip + 20, ip + 20 + length)
    const cut = Math.floor(length / 16) * 8
    const header = ip - start
    const link = bytes.slice(start, ip)
    for (const [from, to] of [
      [0, cut],
      [cut, length],
    ] as const) {
      const at = this.writer.begin()
      bytes.set(link, at)
      const more = to < length ? 0x2000 : 0
      ipHeader(
        bytes,
        at + header,
        source.address,
        destination.address,
        to - from,
        this.#identification,
        more | (from >>> 3),
      )
      bytes.set(body.subarray(from, to), at + header + 20)
      this.writer.end(header + 20 + to - from, this.now)
    }
  }
}

function ipHeader(
  bytes: Uint8Array,
  at: number,
  source: Uint8Array,
  destination: Uint8Array,
  length: number,
  identification: number,
  fragmentation: number,
): void {
  if (source.length === 16) {
    u32(bytes, at, 0x60000000)
    u16(bytes, at + 4, length)
    bytes[at + 6] = 6
    bytes[at + 7] = 64
    bytes.set(source, at + 8)
    bytes.set(destination, at + 24)
    return
  }
  u16(bytes, at, 0x4500)
  u16(bytes, at + 2, length + 20)
  u16(bytes, at + 4, identification)
  u16(bytes, at + 6, fragmentation)
  u16(bytes, at + 8, 0x4006)
  u16(bytes, at + 10, 0)
  bytes.set(source, at + 12)
  bytes.set(destination, at + 16)
}

function u16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value
}

function u32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
