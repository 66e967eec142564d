import { LARGEST_FRAME_BYTES, USUAL_FRAME_BYTES } from './limits.js'

/** What a variant of pcap puts after the four common fields of each record's header. */
export const RecordExtra = {
  None: 0,
  /** Alexey Kuznetzov's patches to Linux's libpcap of 1999: interface index, protocol, packet type, padding. */
  Interface: 1,
  /** Nokia IPSO: four bytes of which only the pattern is known. */
  Nokia: 2,
} as const
export type RecordExtra = (typeof RecordExtra)[keyof typeof RecordExtra]

/** Header of each record of a pcap file. */
export interface RecordLayout {
  /** Length in bytes. */
  header: 16 | 20 | 24 | 28
  extra: RecordExtra
}

export const PLAIN: RecordLayout = { header: 16, extra: RecordExtra.None }

/**
 * Layouts that a magic number leaves open, the likeliest first, as Wireshark's wiretap/libpcap.c tries them. The
 * ordinary magic was also written by the patch ss990417 (Red Hat 6.1) and by Nokia's devices, the modified one by
 * ss991029 and, with four more bytes, by ss990915 (SuSE 6.3).
 */
export const STANDARD_LAYOUTS: readonly RecordLayout[] = [
  PLAIN,
  { header: 24, extra: RecordExtra.Interface },
  { header: 20, extra: RecordExtra.Nokia },
]
export const MODIFIED_LAYOUTS: readonly RecordLayout[] = [
  { header: 24, extra: RecordExtra.Interface },
  { header: 28, extra: RecordExtra.Interface },
]

/** Records by which a layout is judged. */
const JUDGED_RECORDS = 3
/** A layout without a fault in as many records is taken where the first record already speaks against all others. */
const CLEAR_RECORDS = 2
const MICROSECONDS = 1_000_000
/** Interfaces of a Linux host of 1999. */
const MOST_INTERFACE_INDEX = 10_000
/** Of linux/if_packet.h of that time: to this host, broadcast, multicast, to another host, outgoing. */
const LAST_PACKET_TYPE = 4

/** Bytes that a `LayoutGuess` reads. */
interface Bytes {
  view: DataView
  /** Where the first record begins, and the end of what is there. */
  start: number
  end: number
  /** Nothing follows. */
  ended: boolean
}

/**
 * Finds the layout of a file's records by their first headers, as Wireshark does: each value that no capture has counts
 * against a layout, and the first layout with the fewest faults is the file's. The result depends on the file's bytes
 * only, not on how many are there at a time.
 */
export class LayoutGuess {
  /** Bytes from the first record on without which there is no decision, after `decide` returned `null`. */
  need = 16
  readonly #layouts: readonly RecordLayout[]
  readonly #littleEndian: boolean
  readonly #snapLength: number

  constructor(layouts: readonly RecordLayout[], littleEndian: boolean, snapLength: number) {
    this.#layouts = layouts
    this.#littleEndian = littleEndian
    this.#snapLength = snapLength
  }

  /** The layout; `null` when more bytes are needed. */
  decide(bytes: Bytes): RecordLayout | null {
    let best = this.#layouts[0]!
    if (this.#layouts.length === 1) return best
    let fewest = Infinity
    for (const layout of this.#layouts) {
      const clear = this.#faults(bytes, layout, CLEAR_RECORDS)
      if (clear === null) return null
      if (clear === 0 && layout === best && this.#othersFail(bytes)) return layout
      const faults = this.#faults(bytes, layout, JUDGED_RECORDS)
      if (faults === null) return null
      if (faults === 0) return layout
      if (faults < fewest) {
        best = layout
        fewest = faults
      }
    }
    return best
  }

  /** Whether the first record's header speaks against each layout but the first; it is there as a whole. */
  #othersFail({ view, start, end }: Bytes): boolean {
    return this.#layouts.slice(1).every((layout) => {
      return end - start >= layout.header && this.#extraFaults(view, start, layout.extra) > 0
    })
  }

  /** Faults of the first `most` records; `null` when more bytes are needed. */
  #faults(bytes: Bytes, layout: RecordLayout, most: number): number | null {
    const { view, start, end, ended } = bytes
    let faults = 0
    let at = start
    for (let record = 1; record <= most; record++) {
      if (at === end && ended) return faults
      if (end - at < layout.header) {
        if (ended) return faults + 1
        this.need = at - start + layout.header
        return null
      }
      const captured = view.getUint32(at + 8, this.#littleEndian)
      faults += this.#commonFaults(view, at) + this.#extraFaults(view, at, layout.extra)
      // Where the next record would begin is unknown.
      if (captured > USUAL_FRAME_BYTES) return faults
      at += layout.header + captured
      if (at <= end) continue
      if (ended) return faults + 1
      if (record === most) return faults
      this.need = at - start + layout.header
      return null
    }
    return faults
  }

  #commonFaults(view: DataView, at: number): number {
    const captured = view.getUint32(at + 8, this.#littleEndian)
    const onWire = view.getUint32(at + 12, this.#littleEndian)
    let faults = 0
    if (view.getUint32(at + 4, this.#littleEndian) >= MICROSECONDS) faults++
    if (captured > USUAL_FRAME_BYTES) faults++
    if (captured > this.#snapLength) faults++
    if (onWire > LARGEST_FRAME_BYTES) faults++
    if (captured > onWire) faults++
    return faults
  }

  #extraFaults(view: DataView, at: number, extra: RecordExtra): number {
    if (extra === RecordExtra.None) return 0
    // Which byte order those four have in a big-endian file is unknown.
    if (extra === RecordExtra.Nokia)
      return isNokia(view.getUint32(at + 16, true)) || isNokia(view.getUint32(at + 16, false)) ? 0 : 1
    let faults = 0
    if (view.getUint32(at + 16, this.#littleEndian) > MOST_INTERFACE_INDEX) faults++
    if (!isProtocol(view.getUint16(at + 20, this.#littleEndian))) faults++
    if (view.getUint8(at + 22) > LAST_PACKET_TYPE) faults++
    return faults
  }
}

/** An EtherType, or one of Linux's own values: none, "non DIX types", loop, echo, PUP (linux/if_ether.h). */
function isProtocol(value: number): boolean {
  return value >= 0x0600 || value <= 0x0017 || value === 0x0060 || value === 0x0200 || value === 0x0400
}

/** Seen so far: 0xXfbfYZ0W with X 9 or b, Y b or d, Z 6 or 9, W 1 or 2. */
function isNokia(value: number): boolean {
  const [x, y, z, w] = [value >>> 28, (value >>> 12) & 15, (value >>> 8) & 15, value & 15]
  const isConstant = (value & 0x0fff00f0) >>> 0 === 0x0fbf0000
  return isConstant && (x === 9 || x === 11) && (y === 11 || y === 13) && (z === 6 || z === 9) && (w === 1 || w === 2)
}
