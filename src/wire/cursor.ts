import { byteCount } from '../bytes/byte-count.js'
import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Frame } from '../capture/frame.js'

/** Returned by a header's function instead of the next protocol: nothing after it can be decoded. */
export const Stop = -1

/**
 * The decoder's position in a frame. Each header's function checks once that the header is there, reads it, moves `at`
 * past it and returns the number of what follows (an EtherType or an IP protocol). One instance per decoder,
 * overwritten by each frame.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** First byte of the frame (or reassembled datagram), for messages. */
  start = 0
  at = 0
  /** End of the captured bytes; never past the end of `bytes`. */
  end = 0
  /** End of the packet according to its headers; past `end` when the frame was snapped. */
  wireEnd = 0
  frame = 0
  /** Nanoseconds since the first frame of the input. */
  time = 0

  /** VLAN identifier of the innermost tag; 0 without one. */
  vlan = 0
  /** Fields of the current fragment (RFC 791 §3.1, RFC 8200 §4.5), valid when an IP header returned `Fragment`. */
  fragmentOffset = 0
  moreFragments = false
  /** Protocol of the fragmented part. */
  fragmentProtocol = 0
  /** Identification in the IPv6 fragment header; 0 without one. */
  fragmentIdentification = 0
  /** Offset of the final destination in an IPv6 routing header; -1 without one. */
  finalDestinationAt = -1
  /** The EtherType after which `toNetwork` stopped. */
  stoppedAtType = 0
  /** Protocol of the innermost IP packet; -1 without one. */
  protocol = -1

  readonly anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.anomalies = anomalies
  }

  /** Moves the cursor to the first byte of a frame. */
  begin(frame: Pick<Frame, 'bytes' | 'start' | 'end' | 'wireLength' | 'number' | 'time'>): void {
    this.bytes = frame.bytes
    this.start = frame.start
    this.at = frame.start
    this.end = frame.end
    const wireEnd = frame.start + frame.wireLength
    this.wireEnd = wireEnd > frame.end ? wireEnd : frame.end
    this.frame = frame.number
    this.time = frame.time
    this.vlan = 0
    this.stoppedAtType = 0
    this.protocol = -1
  }
}

/** Records that a header was not captured completely. Separate from the parsers, to keep closures out of them. */
export function truncated(cursor: Cursor, name: string, needed: number): typeof Stop {
  const offset = cursor.at - cursor.start
  const available = Math.max(0, cursor.end - cursor.at)
  cursor.anomalies.record(
    `${name}-truncated`,
    cursor.frame,
    () => `${name.replaceAll('-', ' ')} at offset ${offset} needs ${byteCount(needed)}, available ${available}`,
  )
  return Stop
}

/** Records that a field of the header at the cursor has an invalid value. */
export function malformed(cursor: Cursor, kind: string, explanation: string): typeof Stop {
  const offset = cursor.at - cursor.start
  cursor.anomalies.record(kind, cursor.frame, () => `Header at offset ${offset}: ${explanation}`)
  return Stop
}
