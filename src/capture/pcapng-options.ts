import type { CaptureFile } from './capture-file.js'
import type { FrameFeed } from './frame-feed.js'
import { roundUp } from './pcapng-blocks.js'

/** Length of an option's code and length fields. */
const OPTION_HEADER = 4
const END_OF_OPTIONS = 0
const COMMENT = 1

/**
 * Walks the options of a pcapng block (draft-ietf-opsawg-pcapng §3.5) from `at` up to `end`: calls `visit` with the
 * code and the position of the value. Stops at the end of the options, or returns false at one that does not fit.
 */
export function walkOptions(
  view: DataView,
  littleEndian: boolean,
  at: number,
  end: number,
  visit: (code: number, start: number, length: number) => void,
): boolean {
  while (end - at >= OPTION_HEADER) {
    const code = view.getUint16(at, littleEndian)
    const length = view.getUint16(at + 2, littleEndian)
    if (code === END_OF_OPTIONS) return true
    if (length > end - at - OPTION_HEADER) return false
    visit(code, at + OPTION_HEADER, length)
    at += OPTION_HEADER + roundUp(length)
  }
  return true
}

/** Keeps the comments among the options; the same walk without a function per block, as every packet may have some. */
export function keepComments(
  feed: FrameFeed,
  file: CaptureFile,
  frame: number | null,
  bytes: Uint8Array,
  view: DataView,
  littleEndian: boolean,
  at: number,
  end: number,
): void {
  while (end - at >= OPTION_HEADER) {
    const code = view.getUint16(at, littleEndian)
    const length = view.getUint16(at + 2, littleEndian)
    if (code === END_OF_OPTIONS || length > end - at - OPTION_HEADER) return
    if (code === COMMENT) feed.addComment(file, frame, bytes.subarray(at + OPTION_HEADER, at + OPTION_HEADER + length))
    at += OPTION_HEADER + roundUp(length)
  }
}
