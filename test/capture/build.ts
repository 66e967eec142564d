/** Writes capture files byte by byte, in every variant that the reader supports, so that tests control each field. */

export interface PcapRecord {
  seconds?: number
  /** Microseconds or nanoseconds, depending on the magic. */
  fraction?: number
  data?: Uint8Array
  captured?: number
  onWire?: number
}

export interface PcapOptions {
  little?: boolean
  magic?: number
  major?: number
  minor?: number
  snapLength?: number
  network?: number
  /** Bytes after the usual 16 of each record header: those, or so many zeros. */
  extra?: number | Uint8Array
  /** Bytes after the usual 24 of the file's header. */
  afterHeader?: Uint8Array
}

export function pcap(records: PcapRecord[], options: PcapOptions = {}): Uint8Array {
  const {
    little = true,
    magic = 0xa1b2c3d4,
    major = 2,
    minor = 4,
    snapLength = 65_535,
    network = 1,
    extra = 0,
    afterHeader = new Uint8Array(0),
  } = options
  const more = typeof extra === 'number' ? new Uint8Array(extra) : extra
  const out = new Writer(little)
  out.u32(magic).u16(major).u16(minor).u32(0).u32(0).u32(snapLength).u32(network).bytes(afterHeader)
  for (const { seconds = 0, fraction = 0, data = new Uint8Array(0), captured, onWire } of records) {
    out.u32(seconds).u32(fraction)
    out.u32(captured ?? data.length).u32(onWire ?? data.length)
    out.bytes(more).bytes(data)
  }
  return out.done()
}

/** An option of a pcapng block: its code and its value. */
export type Option = readonly [code: number, value: Uint8Array]

/** Writes pcapng blocks in one byte order. */
export class Pcapng {
  readonly little: boolean

  constructor(little = true) {
    this.little = little
  }

  block(type: number, body: Uint8Array, length?: number, trailer?: number): Uint8Array {
    const padded = padTo4(body)
    const total = length ?? padded.length + 12
    const out = new Writer(this.little).u32(type).u32(total).bytes(padded)
    return out.u32(trailer ?? total).done()
  }

  section(options: readonly Option[] = [], major = 1): Uint8Array {
    const out = new Writer(this.little).u32(0x1a2b3c4d).u16(major).u16(0).u32(0xffffffff).u32(0xffffffff)
    return this.block(0x0a0d0d0a, out.bytes(this.options(options)).done())
  }

  nic(linkType = 1, snapLength = 0, options: readonly Option[] = []): Uint8Array {
    const out = new Writer(this.little).u16(linkType).u16(0).u32(snapLength)
    return this.block(1, out.bytes(this.options(options)).done())
  }

  /** Enhanced Packet Block; `time` counts the interface's units. */
  packet(
    time: bigint,
    data: Uint8Array,
    more: { nic?: number; onWire?: number; captured?: number; options?: readonly Option[] } = {},
  ): Uint8Array {
    const { nic = 0, onWire = data.length, captured = data.length, options = [] } = more
    const out = new Writer(this.little).u32(nic).u64(time).u32(captured).u32(onWire)
    return this.block(6, out.bytes(padTo4(data)).bytes(this.options(options)).done())
  }

  obsoletePacket(time: bigint, data: Uint8Array, nic = 0, drops = 0): Uint8Array {
    const out = new Writer(this.little).u16(nic).u16(drops).u64(time).u32(data.length).u32(data.length)
    return this.block(2, out.bytes(data).done())
  }

  simplePacket(data: Uint8Array, onWire = data.length): Uint8Array {
    return this.block(3, new Writer(this.little).u32(onWire).bytes(data).done())
  }

  secrets(type: number, data: Uint8Array, length = data.length): Uint8Array {
    return this.block(10, new Writer(this.little).u32(type).u32(length).bytes(data).done())
  }

  u64(value: bigint): Uint8Array {
    return new Writer(this.little).u64(value).done()
  }

  options(options: readonly Option[]): Uint8Array {
    if (options.length === 0) return new Uint8Array(0)
    const out = new Writer(this.little)
    for (const [code, value] of options) out.u16(code).u16(value.length).bytes(padTo4(value))
    return out.u32(0).done()
  }
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** `length` bytes that distinguish frames. */
export function frameBytes(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 31 + i) & 0xff)
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function padTo4(bytes: Uint8Array): Uint8Array {
  return join(bytes, new Uint8Array(-bytes.length & 3))
}

class Writer {
  readonly #little: boolean
  readonly #parts: Uint8Array[] = []

  constructor(little: boolean) {
    this.#little = little
  }

  u16(value: number): this {
    return this.#number(2, (view) => {
      view.setUint16(0, value, this.#little)
    })
  }

  u32(value: number): this {
    return this.#number(4, (view) => {
      view.setUint32(0, value, this.#little)
    })
  }

  /**
   * As pcapng stores times: the upper 32 bits first in either byte order; only `if_tsoffset` is a true 64-bit number.
   */
  u64(value: bigint): this {
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffff_ffffn))
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    return this
  }

  done(): Uint8Array {
    return join(...this.#parts)
  }

  #number(size: number, write: (view: DataView) => void): this {
    const bytes = new Uint8Array(size)
    write(new DataView(bytes.buffer))
    return this.bytes(bytes)
  }
}
