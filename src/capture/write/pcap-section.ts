import type { CaptureFile } from '../capture-file.js'
import type { Frame } from '../frame.js'
import { type Epoch, SECOND_NS } from '../time.js'
import { type BlockOption, OptionCode, textOption } from './block-options.js'
import { enhancedPacket, interfaceDescription, sectionHeader } from './blocks.js'
import type { FrameChange } from './packet-block.js'

const NANOSECOND_DIGITS = 9
const BITS = 8

export interface PcapSectionOptions {
  application: string
  write: (bytes: Uint8Array) => void
  /** The section header was written. */
  begin: (little: boolean) => void
  /** The section header, if it is to be another one. */
  header?: (little: boolean, application: string) => Uint8Array
}

/** A pcap file as a section of pcapng, with one interface. */
export class PcapSection {
  readonly #little: boolean
  readonly #options: PcapSectionOptions
  #hasBegun = false

  constructor(little: boolean, options: PcapSectionOptions) {
    this.#little = little
    this.#options = options
  }

  /** `epoch` is the time from which the frame's is counted. */
  frame(frame: Frame, change: FrameChange, epoch: Epoch, file: CaptureFile): void {
    this.#begin(file)
    const { contentFrom = Infinity, zeros, comments = [] } = change
    const bytes = change.bytes ?? frame.bytes.slice(frame.start, frame.end)
    const kept = Math.min(bytes.length, contentFrom)
    if (zeros) bytes.fill(0, kept)
    const options = comments.map((comment) => textOption(OptionCode.Comment, comment))
    this.#options.write(
      enhancedPacket(
        {
          interfaceId: 0,
          timestamp: unitsOf(epoch, frame.time, file.timestampDigits),
          bytes: zeros ? bytes : bytes.subarray(0, kept),
          wireLength: frame.wireLength,
        },
        options,
        this.#little,
      ),
    )
  }

  /** The file has ended: it has a section even if none of its frames is copied. */
  end(file: CaptureFile): void {
    this.#begin(file)
  }

  #begin(file: CaptureFile): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    const { application, write, begin, header } = this.#options
    const own = [textOption(OptionCode.UserApplication, application)]
    write(header?.(this.#little, application) ?? sectionHeader(this.#little, own))
    begin(this.#little)
    const { linkTypes, snapLength, timestampDigits, fcsLength } = file
    const options: BlockOption[] = [byteOption(OptionCode.TimestampResolution, timestampDigits)]
    if (fcsLength !== null) options.push(byteOption(OptionCode.FcsLength, fcsLength * BITS))
    write(interfaceDescription({ linkType: linkTypes[0] ?? 0, snapLength: snapLength ?? 0 }, options, this.#little))
  }
}

function byteOption(code: number, value: number): BlockOption {
  return { code, value: Uint8Array.of(value) }
}

/** A time as a number of units of 10^-digits s since 1970. */
function unitsOf(epoch: Epoch, time: number, digits: number): bigint {
  const nanoseconds = epoch.nanoseconds + time
  const carry = Math.floor(nanoseconds / SECOND_NS)
  const fraction = Math.round((nanoseconds - carry * SECOND_NS) / 10 ** (NANOSECOND_DIGITS - digits))
  return BigInt(epoch.seconds + carry) * 10n ** BigInt(digits) + BigInt(fraction)
}
