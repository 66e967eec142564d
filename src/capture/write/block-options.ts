import { encodeUtf8 } from '../../bytes/utf8.js'
import { roundUp } from '../pcapng-blocks.js'

/** An option of a pcapng block (draft-ietf-opsawg-pcapng §3.5). */
export interface BlockOption {
  code: number
  value: Uint8Array
}

/** Codes of options (§3.5, §4.1, §4.2). */
export const OptionCode = {
  End: 0,
  Comment: 1,
  /** Of packets. */
  PacketFlags: 2,
  UserApplication: 4,
  /** Of packets. */
  DropCount: 4,
  TimestampResolution: 9,
  FcsLength: 13,
  TimestampOffset: 14,
} as const

const HEADER = 4
/** The length of an option has 16 bits. */
const VALUE_BYTES = 0xffff

/** A comment or a name in UTF-8; what is too long for an option is cut off. */
export function textOption(code: number, text: string): BlockOption {
  return { code, value: encodeUtf8(text, VALUE_BYTES) }
}

/** Length of these options, the end of options included; 0 without any. */
export function optionsLength(options: readonly BlockOption[]): number {
  if (options.length === 0) return 0
  return options.reduce((sum, { value }) => sum + HEADER + roundUp(value.length), HEADER)
}

/** Writes options with the end of options at `at`; nothing if there are none. */
export function putOptions(block: Uint8Array, at: number, options: readonly BlockOption[], little: boolean): void {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  for (const { code, value } of options) {
    view.setUint16(at, code, little)
    view.setUint16(at + 2, value.length, little)
    block.set(value, at + HEADER)
    at += HEADER + roundUp(value.length)
  }
}
