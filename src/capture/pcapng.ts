import { byteCount } from '../bytes/byte-count.js'
import type { CaptureFailure, CaptureFile } from './capture-file.js'
import type { FrameFeed } from './frame-feed.js'
import { CaptureFormatError } from './format-error.js'
import * as limits from './limits.js'
import type { FileParser } from './parser.js'
import { BLOCK_FRAME, BlockType, leastBody, roundUp, takesFrameNumber } from './pcapng-blocks.js'
import type { PcapngInterface } from './pcapng-interface.js'
import { PcapngMetadata } from './pcapng-metadata.js'
import { keepComments } from './pcapng-options.js'
import { TWO_32 } from './timestamp.js'

const BLOCK_HEADER = 8
const TRAILER = 4
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const MAJOR_VERSION = 1
/** Offset of the frame in an Enhanced Packet Block, and the length of the block without the frame. */
const FRAME_AT = 28
const PACKET_OVERHEAD = FRAME_AT + TRAILER

/** pcapng: sections of blocks (draft-ietf-opsawg-pcapng). Blocks that are not needed are skipped, not kept. */
export class PcapngParser implements FileParser {
  need = BLOCK_HEADER
  offset = 0
  readonly #feed: FrameFeed
  readonly #file: CaptureFile
  #littleEndian = true
  #hasSection = false
  #interfaces: PcapngInterface[] = []
  readonly #metadata: PcapngMetadata

  /** The block being skipped: body bytes left, type, length (0 when none is being skipped), and offset in the file. */
  #skipLeft = 0
  #skipType = 0
  #skipLength = 0
  #skipOffset = 0

  constructor(feed: FrameFeed, file: CaptureFile) {
    this.#feed = feed
    this.#file = file
    this.#metadata = new PcapngMetadata(feed, file)
  }

  parse(bytes: Uint8Array, start: number, end: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = start
    if (this.#skipLength > 0) at = this.#skip(view, start, at, end)
    while (this.#skipLength === 0) {
      at = this.#packets(bytes, view, start, at, end)
      const next = this.#block(bytes, view, start, at, end)
      if (next === at || this.#feed.stopped) break
      at = next
    }
    return this.#feed.stopped ? end : at
  }

  /** Nothing is held back. */
  conclude(_bytes: Uint8Array, start: number): number {
    return start
  }

  missing(left: number): CaptureFailure | null {
    if (!this.#hasSection)
      throw new CaptureFormatError(
        `${this.#file.path} is not a complete capture file: its section header needs ${this.need} bytes, ` +
          `available ${left}; capture or copy it again`,
      )
    if (this.#skipLength > 0) return cutOff(this.#skipOffset, this.#skipLength, this.offset + left - this.#skipOffset)
    return left === 0 ? null : cutOff(this.offset, this.need, left)
  }

  /**
   * The inner loop: reads packet blocks up to one that is of another type or incomplete. Nothing in it allocates,
   * except for comments. `origin` is the position in `bytes` of the file's byte `offset`.
   */
  #packets(bytes: Uint8Array, view: DataView, origin: number, start: number, end: number): number {
    const feed = this.#feed
    const { frame } = feed
    const littleEndian = this.#littleEndian
    const interfaces = this.#interfaces
    frame.bytes = bytes
    let at = start

    while (end - at >= PACKET_OVERHEAD) {
      const type = view.getUint32(at, littleEndian)
      if (type !== BlockType.EnhancedPacket && type !== BlockType.Packet) break
      const length = roundUp(view.getUint32(at + 4, littleEndian))
      const next = at + length
      if (length < PACKET_OVERHEAD || length > limits.LARGEST_PACKET_BLOCK_BYTES || next > end) break
      if (!this.#trailerMatches(view, at, length, origin)) break
      const captured = view.getUint32(at + 20, littleEndian)
      const rest = length - PACKET_OVERHEAD - captured
      if (rest < 0) {
        this.#stop(at - origin, `it claims ${captured} captured bytes, available ${length - PACKET_OVERHEAD}`)
        break
      }
      frame.number++
      const id =
        type === BlockType.EnhancedPacket ? view.getUint32(at + 8, littleEndian) : view.getUint16(at + 8, littleEndian)
      if (id >= interfaces.length) this.#noInterface(at - origin, id)
      else {
        const nic = interfaces[id]!
        const high = view.getUint32(at + 12, littleEndian)
        const low = view.getUint32(at + 16, littleEndian)
        // Differences from the interface's first frame stay below 2^53; the 64-bit counts themselves may not.
        const time = nic.based
          ? nic.baseTime + ((high - nic.baseHigh) * TWO_32 + (low - nic.baseLow)) * nic.unit
          : this.#firstTime(nic, high, low)
        if (time > feed.latest) feed.latest = time
        if (time < feed.earliest) feed.earliest = time
        frame.time = time
        frame.linkType = nic.linkType
        frame.start = at + FRAME_AT
        frame.end = at + FRAME_AT + captured
        frame.wireLength = view.getUint32(at + 24, littleEndian)
        feed.emit()
        if (rest >= 4) {
          const options = at + FRAME_AT + roundUp(captured)
          keepComments(feed, this.#file, frame.number, bytes, view, littleEndian, options, next - TRAILER)
        }
      }
      at = next
    }
    return at
  }

  /** Reads the block at `at`, which is not a complete packet block; returns `at` itself when more bytes are needed. */
  #block(bytes: Uint8Array, view: DataView, origin: number, at: number, end: number): number {
    if (this.#feed.stopped) return at
    const available = end - at
    if (available < BLOCK_HEADER) return this.#want(BLOCK_HEADER, at)
    if (view.getUint32(at, false) === BlockType.SectionHeader) {
      if (available < BLOCK_FRAME) return this.#want(BLOCK_FRAME, at)
      if (!this.#readByteOrder(view, at, origin)) return end
    }
    const type = view.getUint32(at, this.#littleEndian)
    const length = roundUp(view.getUint32(at + 4, this.#littleEndian))
    const least = BLOCK_FRAME + leastBody(type)
    if (length < least) return this.#damaged(at - origin, `its length is ${length}, needed ${least}`, end)

    const largest = this.#largestHeld(type, length)
    if (largest === 0) {
      this.#skipLeft = length - BLOCK_FRAME
      this.#skipType = type
      this.#skipLength = length
      this.#skipOffset = this.offset + (at - origin)
      return this.#skip(view, origin, at + BLOCK_HEADER, end)
    }
    if (length > largest) return this.#damaged(at - origin, `its length is ${length}, limit ${largest}`, end)
    if (length > available) return this.#want(length, at)
    if (!this.#trailerMatches(view, at, length, origin)) return end
    this.#read(type, bytes, view, origin, at, at + length - TRAILER)
    return at + length
  }

  /** Longest block of this type that is held in memory; 0 for one that is skipped. */
  #largestHeld(type: number, length: number): number {
    switch (type) {
      case BlockType.EnhancedPacket:
      case BlockType.Packet:
      case BlockType.SimplePacket:
        return limits.LARGEST_PACKET_BLOCK_BYTES
      case BlockType.SectionHeader:
      case BlockType.Interface:
        return limits.LARGEST_KEPT_BLOCK_BYTES
      case BlockType.DecryptionSecrets:
        return this.#feed.hasRoomForSecrets(this.#file, length - BLOCK_FRAME - 8) ? length : 0
      case BlockType.InterfaceStatistics:
      case BlockType.NameResolution:
        return length <= limits.LARGEST_SEARCHED_BLOCK_BYTES ? length : 0
      default:
        return 0
    }
  }

  /** Reads a complete block; `end` is the end of its body. */
  #read(type: number, bytes: Uint8Array, view: DataView, origin: number, at: number, end: number): void {
    if (type === BlockType.SimplePacket) {
      this.#simplePacket(bytes, view, origin, at, end)
      return
    }
    const body = at + BLOCK_HEADER
    if (type === BlockType.SectionHeader) {
      const major = view.getUint16(body + 4, this.#littleEndian)
      if (major !== MAJOR_VERSION) {
        this.#stop(at - origin, `its version is ${major}, expected ${MAJOR_VERSION}`)
        return
      }
      this.#hasSection = true
    }
    const wrong = this.#metadata.read(type, this.#interfaces, bytes, view, this.#littleEndian, body, end)
    if (wrong !== null) this.#stop(at - origin, wrong)
  }

  /** Byte order of a new section; it also ends the interfaces of the section before. */
  #readByteOrder(view: DataView, at: number, origin: number): boolean {
    const little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC
    if (little || view.getUint32(at + 8, false) === BYTE_ORDER_MAGIC) {
      this.#littleEndian = little
      this.#interfaces = []
      return true
    }
    const found = view.getUint32(at + 8, false).toString(16)
    this.#stop(at - origin, `its byte-order magic is ${found}, expected ${BYTE_ORDER_MAGIC.toString(16)}`)
    return false
  }

  /** A Simple Packet Block (§4.4) belongs to the first interface and has no time: it gets that of the frame before. */
  #simplePacket(bytes: Uint8Array, view: DataView, origin: number, at: number, end: number): void {
    const { frame } = this.#feed
    const nic = this.#interfaces[0]
    const onWire = view.getUint32(at + 8, this.#littleEndian)
    const captured = nic && nic.snapLength > 0 ? Math.min(onWire, nic.snapLength) : onWire
    const start = at + BLOCK_FRAME
    if (captured > end - start) {
      this.#stop(at - origin, `its frame needs ${byteCount(captured)}, available ${end - start}`)
      return
    }
    frame.number++
    if (!nic) {
      this.#noInterface(at - origin, 0)
      return
    }
    frame.bytes = bytes
    frame.linkType = nic.linkType
    frame.start = start
    frame.end = start + captured
    frame.wireLength = onWire
    this.#feed.emit()
  }

  /** The slow path to a time: an interface's first frame, and clocks whose unit is not a multiple of 1 ns. */
  #firstTime(nic: PcapngInterface, high: number, low: number): number {
    const time = this.#feed.timeOf(nic.timestamp(high, low))
    if (nic.unit > 0) {
      nic.based = true
      nic.baseTime = time
      nic.baseHigh = high
      nic.baseLow = low
    }
    return time
  }

  /** Continues skipping a block; `at` is the first byte not yet skipped. */
  #skip(view: DataView, origin: number, at: number, end: number): number {
    const step = Math.min(this.#skipLeft, end - at)
    this.#skipLeft -= step
    at += step
    if (this.#skipLeft > 0) return this.#want(1, at)
    if (end - at < TRAILER) return this.#want(TRAILER, at)
    // `trailerMatches` takes the position where the block began, which may be before these bytes.
    const began = origin + (this.#skipOffset - this.offset)
    if (!this.#trailerMatches(view, began, this.#skipLength, origin)) return end
    if (takesFrameNumber(this.#skipType)) this.#feed.frame.number++
    this.#skipLength = 0
    return at + TRAILER
  }

  /** A block's length is stored before and after it (§3.1); like Wireshark, accept both without the padding. */
  #trailerMatches(view: DataView, at: number, length: number, origin: number): boolean {
    const trailer = view.getUint32(at + length - TRAILER, this.#littleEndian)
    if (trailer === length) return true
    if (roundUp(trailer) === length) {
      const offset = this.offset + (at - origin)
      this.#feed.note(
        'pcapng-length-unaligned',
        `pcapng block at offset ${offset} has length ${trailer}, which is not a multiple of 4`,
      )
      return true
    }
    this.#stop(at - origin, `its length is ${length} at its start and ${trailer} at its end`)
    return false
  }

  #noInterface(position: number, id: number): void {
    this.#feed.note(
      'pcapng-unknown-interface',
      `pcapng block at offset ${this.offset + position} refers to interface ${id}, ` +
        `but its section has ${this.#interfaces.length}; its frame was skipped`,
    )
  }

  #want(bytes: number, at: number): number {
    this.need = bytes
    return at
  }

  #damaged(position: number, what: string, end: number): number {
    this.#stop(position, what)
    return end
  }

  #stop(position: number, what: string): void {
    const offset = this.offset + position
    // Without a section nothing of the file can be read: it does not count as a capture.
    if (!this.#hasSection)
      throw new CaptureFormatError(
        `${this.#file.path} is not a readable pcapng file: its section header at offset ${offset} is damaged: ` +
          `${what}; give a pcap or pcapng file`,
      )
    const reason = `pcapng block at offset ${offset} is damaged: ${what}; nothing after it was read`
    this.#feed.stop(this.#file, { offset, reason })
  }
}

function cutOff(offset: number, needed: number, available: number): CaptureFailure {
  return {
    offset,
    reason: `pcapng block at offset ${offset} is cut off: needed ${byteCount(needed)}, available ${available}`,
  }
}
