import { walkOptions } from './pcapng-options.js'
import type { Epoch } from './time.js'
import { readTimestamp, timestampDigits } from './timestamp.js'

const IF_TSRESOL = 9
const IF_TSOFFSET = 14
const MICROSECONDS = 6

/** An Interface Description Block (draft-ietf-opsawg-pcapng §4.2), and how the interface's timestamps are read. */
export class PcapngInterface {
  readonly linkType: number
  /** 0 for no limit. */
  readonly snapLength: number
  readonly digits: number
  /** The first frame of this interface; once `based`, later frames are counted from it. */
  based = false
  baseTime = 0
  baseHigh = 0
  baseLow = 0
  /** Nanoseconds per clock unit; 0 where that is not an integer. */
  readonly unit: number
  readonly #resolution: number
  readonly #offset: number

  /** `at` and `end` delimit the body of the block, at least 8 bytes. */
  constructor(view: DataView, littleEndian: boolean, at: number, end: number) {
    this.linkType = view.getUint16(at, littleEndian)
    this.snapLength = view.getUint32(at + 4, littleEndian)
    let resolution = MICROSECONDS
    let offset = 0
    walkOptions(view, littleEndian, at + 8, end, (code, start, length) => {
      if (code === IF_TSRESOL && length >= 1) resolution = view.getUint8(start)
      // A signed number of seconds (§4.2). No real clock has an offset beyond 2^53.
      else if (code === IF_TSOFFSET && length >= 8) offset = Number(view.getBigInt64(start, littleEndian))
    })
    this.#resolution = resolution
    this.#offset = offset
    this.unit = resolution <= 9 ? 10 ** (9 - resolution) : 0
    this.digits = timestampDigits(resolution)
  }

  /** The time given by the two words of a packet block. */
  timestamp(high: number, low: number): Epoch {
    const time = readTimestamp(this.#resolution, high, low)
    time.seconds += this.#offset
    return time
  }
}
