import type { AnomalyLog } from '../bytes/anomaly.js'
import type { Frame } from '../capture/frame.js'

/** What a header's function returns in place of the next protocol: nothing behind it can be decoded. */
export const Stop = -1

/**
 * Where decoding stands in a frame. Each header's function checks once that the header is there, reads it, moves `at` behind it and
 * returns the number of what follows (an EtherType or an IP protocol). One instance per decoder, overwritten by each frame.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** First byte of the frame (or reassembled datagram), for messages. */
  start = 0
  at = 0
  /** Captured bytes end here; never behind the end of `bytes`. */
  end = 0
  /** Where the packet ends according to its headers; behind `end` when the frame was snapped. */
  wireEnd = 0
  frame = 0
  /** Nanoseconds since the first frame of the input. */
  time = 0

  /** VLAN identifier of the innermost tag; 0 without one. */
  vlan = 0
  /** Of the fragment in hand (RFC 791 §3.1, RFC 8200 §4.5), valid when an IP header returned `Fragment`. */
  fragmentOffset = 0
  moreFragments = false
  /** Protocol of the fragmented part. */
  fragmentProtocol = 0
  /** Identification of the IPv6 fragment header that was passed; 0 without one. */
  fragmentIdentification = 0
  /** Offset of the last address of an IPv6 routing header that was passed; -1 without one. */
  finalDestinationAt = -1

  readonly anomalies: AnomalyLog

  constructor(anomalies: AnomalyLog) {
    this.anomalies = anomalies
  }

  /** Puts the cursor at the first byte of a frame. */
  begin(frame: Frame): void {
    this.bytes = frame.bytes
    this.start = frame.start
    this.at = frame.start
    this.end = frame.end
    const wireEnd = frame.start + frame.wireLength
    this.wireEnd = wireEnd > frame.end ? wireEnd : frame.end
    this.frame = frame.number
    this.time = frame.time
    this.vlan = 0
  }
}

/** Records that fewer bytes than the header `name` needs were captured. Apart from the parsers, so that they make no closure. */
export function truncated(cursor: Cursor, name: string, needed: number): typeof Stop {
  const offset = cursor.at - cursor.start
  const available = Math.max(0, cursor.end - cursor.at)
  cursor.anomalies.record(
    `${name}-truncated`,
    cursor.frame,
    () => `${name} at offset ${offset} needs ${needed} bytes, ${available} are there`,
  )
  return Stop
}

/** Records that a field of the header at the cursor has an impossible value. */
export function malformed(cursor: Cursor, kind: string, explanation: string): typeof Stop {
  const offset = cursor.at - cursor.start
  cursor.anomalies.record(kind, cursor.frame, () => `Header at offset ${offset}: ${explanation}`)
  return Stop
}
