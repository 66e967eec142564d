import { u16be, u32be } from '../../bytes/read.js'
import { nextOption, optionLength } from '../../wire/option-list.js'
import type { Packet } from '../../wire/packet.js'

/** TCP options as bits: what a device on the path may remove. */
export const OptionBit = {
  MaximumSegmentSize: 1,
  WindowScale: 2,
  SackPermitted: 4,
  Sack: 8,
  Timestamps: 16,
  /** MD5 signature (RFC 2385) and TCP-AO (RFC 5925). */
  Authentication: 32,
  /** TCP Fast Open (RFC 7413). */
  FastOpen: 64,
  /** Multipath TCP (RFC 8684). */
  Multipath: 128,
  Other: 256,
  /** The header was cut by the snap length: options may be missing here. */
  Cut: 512,
} as const

/** By kind (https://www.iana.org/assignments/tcp-parameters). */
const BITS: Readonly<Record<number, number>> = {
  2: OptionBit.MaximumSegmentSize,
  3: OptionBit.WindowScale,
  4: OptionBit.SackPermitted,
  5: OptionBit.Sack,
  8: OptionBit.Timestamps,
  19: OptionBit.Authentication,
  29: OptionBit.Authentication,
  30: OptionBit.Multipath,
  34: OptionBit.FastOpen,
}
const NAMES: readonly (readonly [number, string])[] = [
  [OptionBit.MaximumSegmentSize, 'MSS'],
  [OptionBit.WindowScale, 'window scale'],
  [OptionBit.SackPermitted, 'SACK permitted'],
  [OptionBit.Sack, 'SACK'],
  [OptionBit.Timestamps, 'timestamps'],
  [OptionBit.Authentication, 'authentication'],
  [OptionBit.FastOpen, 'Fast Open'],
  [OptionBit.Multipath, 'Multipath TCP'],
  [OptionBit.Other, 'another option'],
]
const HEADER = 20
const TIMESTAMPS_LENGTH = 10

/** The options of the segment that was read last; one instance, overwritten by each. */
export class OptionsDigest {
  bits = 0
  /** TSval and TSecr (RFC 7323 §3); meaningless without that bit. */
  timestamp = 0
  echo = 0
  /** 0 without that option. */
  maximumSegmentSize = 0
  windowScale = 0
  /** Of the SACK blocks (RFC 2018 §3), which distinguish duplicate acknowledgments. */
  sackHash = 0

  read(packet: Packet): void {
    const { bytes, segmentAt, payloadEnd } = packet
    this.bits = 0
    this.timestamp = this.echo = this.maximumSegmentSize = this.windowScale = this.sackHash = 0
    const headerEnd =
      segmentAt + HEADER <= payloadEnd ? segmentAt + ((bytes[segmentAt + 12]! >> 4) << 2) : payloadEnd + 1
    if (headerEnd > payloadEnd) this.bits = OptionBit.Cut
    const end = Math.min(headerEnd, payloadEnd)
    for (let at = nextOption(bytes, segmentAt + HEADER, end); at >= 0;) {
      const length = optionLength(bytes, at, end)
      if (length === 0) return
      this.#option(bytes, at, bytes[at]!, length)
      at = nextOption(bytes, at + length, end)
    }
  }

  #option(bytes: Uint8Array, at: number, kind: number, length: number): void {
    const bit = BITS[kind] ?? OptionBit.Other
    this.bits |= bit
    if (bit === OptionBit.Timestamps && length === TIMESTAMPS_LENGTH) {
      this.timestamp = u32be(bytes, at + 2)
      this.echo = u32be(bytes, at + 6)
    } else if (bit === OptionBit.MaximumSegmentSize && length === 4) this.maximumSegmentSize = u16be(bytes, at + 2)
    else if (bit === OptionBit.WindowScale && length === 3) this.windowScale = bytes[at + 2]!
    else if (bit === OptionBit.Sack) {
      for (let i = at + 2; i < at + length; i++) this.sackHash = (Math.imul(this.sackHash, 31) + bytes[i]!) >>> 0
    }
  }
}

/** The names of some options. */
export function optionNames(bits: number): string[] {
  return NAMES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
}
