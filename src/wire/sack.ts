import { u32be } from '../bytes/read.js'
import { nextOption, optionLength } from './option-list.js'
import type { Packet } from './packet.js'

const SACK = 5
const TIMESTAMPS = 8
const HEADER = 20
/** With a single block, or with timestamps only; both are padded by two NOPs. */
const SHORT_HEADER = 32
const BLOCK = 8
/** What 40 bytes of options have room for (RFC 2018 §3). */
const MAX_BLOCKS = 4

/** The blocks of a SACK option in the order of the option, as 32-bit sequence numbers (RFC 2018 §3). */
export class SackBlocks {
  count = 0
  /** First sequence number of each block, and the one after its last. */
  readonly left = new Uint32Array(MAX_BLOCKS)
  readonly right = new Uint32Array(MAX_BLOCKS)
}

/** Whether a segment has more options than timestamps: only then `sackBlocks` is worth a call. */
export function mayHaveSack({ bytes, segmentAt, payloadStart }: Packet): boolean {
  const length = payloadStart - segmentAt
  return length > SHORT_HEADER || (length === SHORT_HEADER && bytes[segmentAt + HEADER + 2] !== TIMESTAMPS)
}

/** Reads the SACK option of a segment into `blocks`, as far as it was captured; without one the count is 0. */
export function sackBlocks({ bytes, segmentAt, payloadStart: end }: Packet, blocks: SackBlocks): void {
  blocks.count = 0
  for (let at = nextOption(bytes, segmentAt + HEADER, end); at >= 0;) {
    const length = optionLength(bytes, at, end)
    if (length === 0) return
    if (bytes[at] === SACK) {
      for (let block = at + 2; block + BLOCK <= at + length && blocks.count < MAX_BLOCKS; block += BLOCK) {
        blocks.left[blocks.count] = u32be(bytes, block)
        blocks.right[blocks.count++] = u32be(bytes, block + 4)
      }
      return
    }
    at = nextOption(bytes, at + length, end)
  }
}
