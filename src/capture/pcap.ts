import { byteCount } from '../bytes/byte-count.js'
import type { CaptureFailure, CaptureFile } from './capture-file.js'
import type { FrameFeed } from './frame-feed.js'
import type { PcapVariant } from './magic.js'
import { CaptureFormatError } from './format-error.js'
import { LARGEST_FRAME_BYTES, USUAL_FRAME_BYTES } from './limits.js'
import type { FileParser } from './parser.js'
import { SECOND_NS } from './time.js'

const FILE_HEADER = 24
/** The header's last field: 16 bits of link type, 10 reserved bits, the P bit and the FCS length in 16-bit words. */
const LINK_TYPE = 0x03ffffff
const FCS_PRESENT = 0x04000000
const FCS_WORDS_SHIFT = 28
/** DG/UX tcpdump writes version 543.0, with the lengths in the order of versions before 2.3. */
const DG_UX_MAJOR = 543

/** Which of a record's two lengths is first: the captured one since version 2.3, but not in all 2.3 files. */
const LengthOrder = { CapturedFirst: 0, WireFirst: 1, Unsure: 2 } as const
type LengthOrder = (typeof LengthOrder)[keyof typeof LengthOrder]

/** pcap: a file header, then records of a header and a frame (draft-ietf-opsawg-pcap). */
export class PcapParser implements FileParser {
  need = FILE_HEADER
  offset = 0
  readonly #feed: FrameFeed
  readonly #file: CaptureFile
  readonly #variant: PcapVariant
  #hasHeader = false
  #linkType = 0
  #lengthOrder: LengthOrder = LengthOrder.CapturedFirst
  #largestFrame = USUAL_FRAME_BYTES

  constructor(feed: FrameFeed, file: CaptureFile, variant: PcapVariant) {
    this.#feed = feed
    this.#file = file
    this.#variant = variant
  }

  parse(bytes: Uint8Array, start: number, end: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#hasHeader) return this.#records(bytes, view, start, start, end)
    if (end - start < FILE_HEADER) return start
    this.#readHeader(view, start)
    return this.#records(bytes, view, start, start + FILE_HEADER, end)
  }

  missing(left: number): CaptureFailure | null {
    if (left === 0) return null
    if (!this.#hasHeader)
      throw new CaptureFormatError(
        `${this.#file.path} is not a complete capture file: its pcap header needs ${FILE_HEADER} bytes, ` +
          `available ${left}; capture or copy it again`,
      )
    const { offset, need } = this
    return {
      offset,
      reason: `pcap record at offset ${offset} is cut off: needed ${byteCount(need)}, available ${left}`,
    }
  }

  #readHeader(view: DataView, at: number): void {
    const little = this.#variant.littleEndian
    const major = view.getUint16(at + 4, little)
    const minor = view.getUint16(at + 6, little)
    if (major < 2)
      throw new CaptureFormatError(
        `${this.#file.path} is a pcap file of version ${major}.${minor} (offset 4), which is not supported; ` +
          'convert it to version 2.4',
      )
    if (major === DG_UX_MAJOR || (major === 2 && minor < 3)) this.#lengthOrder = LengthOrder.WireFirst
    else if (major === 2 && minor === 3) this.#lengthOrder = LengthOrder.Unsure
    const snapLength = view.getUint32(at + 16, little)
    const network = view.getUint32(at + 20, little)
    this.#linkType = network & LINK_TYPE
    // Some writers exceed the snap length that they state: longer frames are accepted, up to the usual limit.
    this.#largestFrame = Math.min(LARGEST_FRAME_BYTES, Math.max(USUAL_FRAME_BYTES, snapLength))
    this.#hasHeader = true

    const file = this.#file
    file.snapLength = snapLength === 0 ? null : snapLength
    file.timestampDigits = this.#variant.digits
    if (network & FCS_PRESENT) file.fcsLength = (network >>> FCS_WORDS_SHIFT) * 2
    this.#feed.addLinkType(file, this.#linkType)
  }

  /** The inner loop: nothing in it allocates. `origin` is the position in `bytes` of the file's byte `offset`. */
  #records(bytes: Uint8Array, view: DataView, origin: number, start: number, end: number): number {
    const feed = this.#feed
    const { frame } = feed
    const { littleEndian, unit, recordHeader } = this.#variant
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
      frame.start = frameAt
      frame.end = next
      frame.wireLength = onWire
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
