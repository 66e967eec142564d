import { byteCount } from '../bytes/byte-count.js'
import type { CaptureFailure, CaptureFile } from './capture-file.js'
import type { FrameFeed } from './frame-feed.js'
import type { PcapMagic } from './magic.js'
import { CaptureFormatError } from './format-error.js'
import { LARGEST_FRAME_BYTES, USUAL_FRAME_BYTES } from './limits.js'
import type { FileParser } from './parser.js'
import { LayoutGuess, PLAIN, type RecordLayout } from './pcap-layout.js'
import { SECOND_NS } from './time.js'

/** The header's last field: 16 bits of link type, 10 reserved bits, the P bit and the FCS length in 16-bit words. */
const LINK_TYPE = 0x03ffffff
const FCS_PRESENT = 0x04000000
const FCS_WORDS_SHIFT = 28
/** DG/UX tcpdump writes version 543.0, with the lengths in the order of versions before 2.3. */
const DG_UX_MAJOR = 543
/**
 * AIX writes version 2.2 with the interface types of RFC 1573 instead of link types, and nanoseconds. By these four it
 * is recognized, as in Wireshark; no libpcap of that version is known to have written them as link types.
 */
const AIX_LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [9, 6],
  [15, 10],
  [24, 0],
])
const FDDI = 10
/** Bytes that AIX puts before an FDDI frame, and counts with it. */
const AIX_FDDI_PADDING = 3

/** Which of a record's two lengths is first: the captured one since version 2.3, but not in all 2.3 files. */
const LengthOrder = { CapturedFirst: 0, WireFirst: 1, Unsure: 2 } as const
type LengthOrder = (typeof LengthOrder)[keyof typeof LengthOrder]

/** pcap: a file header, then records of a header and a frame (draft-ietf-opsawg-pcap). */
export class PcapParser implements FileParser {
  need: number
  offset = 0
  readonly #feed: FrameFeed
  readonly #file: CaptureFile
  readonly #magic: PcapMagic
  #hasHeader = false
  /** `null` while the first records have not shown the layout; `#guess` then decides. */
  #layout: RecordLayout | null = null
  #guess: LayoutGuess | null = null
  /** Nanoseconds per unit of a record's second time field. */
  #unit: number
  #padding = 0
  #linkType = 0
  #lengthOrder: LengthOrder = LengthOrder.CapturedFirst
  #largestFrame = USUAL_FRAME_BYTES

  constructor(feed: FrameFeed, file: CaptureFile, magic: PcapMagic) {
    this.#feed = feed
    this.#file = file
    this.#magic = magic
    this.#unit = magic.unit
    this.need = magic.fileHeader
  }

  parse(bytes: Uint8Array, start: number, end: number): number {
    return this.#parse(bytes, start, end, false)
  }

  conclude(bytes: Uint8Array, start: number, end: number): number {
    return this.#guess && !this.#layout ? this.#parse(bytes, start, end, true) : start
  }

  #parse(bytes: Uint8Array, start: number, end: number, ended: boolean): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = start
    if (!this.#hasHeader) {
      if (end - start < this.#magic.fileHeader) return start
      this.#readHeader(view, start)
      at += this.#magic.fileHeader
    }
    if (!this.#layout && this.#guess) {
      this.#layout = this.#guess.decide({ view, start: at, end, ended })
      if (!this.#layout) {
        this.need = this.#guess.need
        return at
      }
    }
    return this.#records(bytes, view, start, at, end)
  }

  missing(left: number): CaptureFailure | null {
    if (left === 0) return null
    if (!this.#hasHeader)
      throw new CaptureFormatError(
        `${this.#file.path} is not a complete capture file: its pcap header needs ${this.need} bytes, ` +
          `available ${left}; capture or copy it again`,
      )
    const { offset, need } = this
    return {
      offset,
      reason: `pcap record at offset ${offset} is cut off: needed ${byteCount(need)}, available ${left}`,
    }
  }

  #readHeader(view: DataView, at: number): void {
    const { littleEndian: little, layouts } = this.#magic
    const major = view.getUint16(at + 4, little)
    const minor = view.getUint16(at + 6, little)
    if (major < 2)
      throw new CaptureFormatError(
        `${this.#file.path} is a pcap file of version ${major}.${minor} (offset 4), which is not supported; ` +
          'convert it to version 2.4',
      )
    const snapLength = view.getUint32(at + 16, little)
    const network = view.getUint32(at + 20, little)
    this.#linkType = network & LINK_TYPE
    this.#readVersion(major, minor)
    // The ordinary magic number of an old version is that of the plain layout: the others came later.
    const isOld = this.#lengthOrder !== LengthOrder.CapturedFirst && layouts[0] === PLAIN
    this.#guess = new LayoutGuess(isOld ? [PLAIN] : layouts, little, snapLength)
    // Some writers exceed the snap length that they state: longer frames are accepted, up to the usual limit.
    this.#largestFrame = Math.min(LARGEST_FRAME_BYTES, Math.max(USUAL_FRAME_BYTES, snapLength))
    this.#hasHeader = true

    const file = this.#file
    file.snapLength = snapLength === 0 ? null : snapLength
    file.timestampDigits = this.#unit === 1 ? 9 : 6
    if (network & FCS_PRESENT) file.fcsLength = (network >>> FCS_WORDS_SHIFT) * 2
    this.#feed.addLinkType(file, this.#linkType)
  }

  #readVersion(major: number, minor: number): void {
    if (major === DG_UX_MAJOR || (major === 2 && minor < 3)) this.#lengthOrder = LengthOrder.WireFirst
    else if (major === 2 && minor === 3) this.#lengthOrder = LengthOrder.Unsure
    const aix = major === 2 && minor === 2 && this.#magic.layouts[0] === PLAIN && this.#magic.fileHeader === 24
    const linkType = aix ? AIX_LINK_TYPES.get(this.#linkType) : undefined
    if (linkType === undefined) return
    this.#linkType = linkType
    this.#unit = 1
    if (linkType === FDDI) this.#padding = AIX_FDDI_PADDING
  }

  /** The inner loop: nothing in it allocates. `origin` is the position in `bytes` of the file's byte `offset`. */
  #records(bytes: Uint8Array, view: DataView, origin: number, start: number, end: number): number {
    const feed = this.#feed
    const { frame } = feed
    const { littleEndian } = this.#magic
    const unit = this.#unit
    const padding = this.#padding
    const recordHeader = this.#layout!.header
    const lengthOrder = this.#lengthOrder
    const largestFrame = this.#largestFrame
    frame.bytes = bytes
    frame.linkType = this.#linkType
    let { epochSeconds, epochNanoseconds } = feed
    let at = start
    this.need = recordHeader

    while (end - at >= recordHeader) {
      let captured = view.getUint32(at + 8, littleEndian)
      let onWire = view.getUint32(at + 12, littleEndian)
      if (lengthOrder === LengthOrder.WireFirst || (lengthOrder === LengthOrder.Unsure && captured > onWire)) {
        const first = captured
        captured = onWire
        onWire = first
      }
      if (captured > largestFrame) {
        this.#damaged(this.offset + (at - origin), captured)
        return end
      }
      const frameAt = at + recordHeader
      const next = frameAt + captured
      if (next > end) {
        this.need = recordHeader + captured
        return at
      }
      const seconds = view.getUint32(at, littleEndian)
      const nanoseconds = view.getUint32(at + 4, littleEndian) * unit
      if (!feed.hasEpoch) {
        const carry = Math.floor(nanoseconds / SECOND_NS)
        feed.setEpoch({ seconds: seconds + carry, nanoseconds: nanoseconds - carry * SECOND_NS })
        epochSeconds = feed.epochSeconds
        epochNanoseconds = feed.epochNanoseconds
      }
      const time = (seconds - epochSeconds) * SECOND_NS + (nanoseconds - epochNanoseconds)
      if (time > feed.latest) feed.latest = time
      if (time < feed.earliest) feed.earliest = time
      frame.number++
      frame.time = time
      frame.start = frameAt + padding > next ? next : frameAt + padding
      frame.end = next
      frame.wireLength = onWire < padding ? 0 : onWire - padding
      feed.emit()
      at = next
    }
    return at
  }

  #damaged(offset: number, captured: number): void {
    const claim = `it claims ${captured} captured bytes, limit ${this.#largestFrame}`
    const reason = `pcap record at offset ${offset} is damaged: ${claim}; nothing after it was read`
    this.#feed.stop(this.#file, { offset, reason })
  }
}
