/** Why a segment may not come from the host whose address it carries, or not have been taken by its peer: bits. */
export const Doubt = {
  /** Its checksum is wrong, and those of its direction are right. */
  Checksum: 1,
  /** Its TTL or hop limit is unlike that of its host's other packets. */
  HopLimit: 2,
  /** Its IP identification is far from those before and after it. */
  Identification: 4,
  /** Its sequence number is outside the window of its receiver. */
  Window: 8,
  /** Another segment has different bytes with the same sequence numbers. */
  Conflict: 16,
} as const

/** A segment that a connection was followed by, though there is a doubt about it. */
export interface DoubtfulSegment {
  frame: number
  /** `Direction` of its connection. */
  direction: 0 | 1
  /** Bits of `Doubt`. */
  why: number
  /** TTL or hop limit; 0 where it is not the reason. */
  hopLimit: number
}
