import { u16be, u32be } from '../bytes/read.js'
import type { Cursor } from './cursor.js'
import { malformed } from './cursor.js'
import { nextOption, optionLength } from './option-list.js'
import type { Packet } from './packet.js'

const MAXIMUM_SEGMENT_SIZE = 2
const WINDOW_SCALE = 3
const SACK_PERMITTED = 4
const TIMESTAMPS = 8
/** Larger shifts count as this one (RFC 7323 §2.3). */
const LARGEST_WINDOW_SCALE = 14

/** Options of a SYN (RFC 9293 §3.2, RFC 7323 §2 and §3, RFC 2018 §2). Stops at an invalid length. */
export function tcpOptions(cursor: Cursor, packet: Packet, start: number, end: number): void {
  const bytes = cursor.bytes
  for (let at = nextOption(bytes, start, end); at >= 0;) {
    const kind = bytes[at]!
    const length = optionLength(bytes, at, end)
    if (length === 0) {
      // An option cut off by the snap length is not an anomaly.
      const stated = at + 1 < end ? bytes[at + 1]! : 0
      if (cursor.end === cursor.wireEnd) malformed(cursor, 'tcp-option-length', `option ${kind} has length ${stated}`)
      return
    }
    if (kind === MAXIMUM_SEGMENT_SIZE && length === 4) packet.maximumSegmentSize = u16be(bytes, at + 2)
    else if (kind === WINDOW_SCALE && length === 3) packet.windowScale = Math.min(bytes[at + 2]!, LARGEST_WINDOW_SCALE)
    else if (kind === SACK_PERMITTED && length === 2) packet.sackPermitted = true
    else if (kind === TIMESTAMPS && length === 10) packet.timestampValue = u32be(bytes, at + 2)
    at = nextOption(bytes, at + length, end)
  }
}
