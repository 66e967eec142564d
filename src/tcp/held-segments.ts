import { copyPacket, type Packet } from '../wire/packet.js'
import type { Direction } from './connection.js'

/** Segments of one connection that may wait at a time, and bytes of each. */
const MOST_HELD = 8
export const LONGEST_HELD = 2048
/** The copy of a packet with its headers and addresses. */
const HELD_COST = 512

/** Approximate memory in bytes of a held segment. */
export function heldBytes({ payloadLength }: Packet): number {
  return HELD_COST + payloadLength
}

/** As long, in time and packets of the connection, as the streams wait for bytes that are absent. */
const PATIENCE_NS = 1e9
const PATIENCE_PACKETS = 64

/** A doubtful segment: its receiver's acknowledgment shows whether it was taken. */
export interface HeldSegment {
  packet: Packet
  direction: Direction
  /** Offset of its first byte, and after the last one without the FIN. */
  offset: number
  end: number
  /** What its receiver acknowledges if it took it. */
  acknowledged: number
  /** Bits of `Doubt`. */
  why: number
  /** Since when its receiver has acknowledged as much; -1 before. */
  since: number
  packets: number
}

/** Doubtful segments of a connection that wait for what follows. */
export class HeldSegments {
  readonly all: HeldSegment[] = []

  get full(): boolean {
    return this.all.length >= MOST_HELD
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.all.reduce((sum, { packet }) => sum + packet.bytes.length, 0)
  }

  /** Keeps a copy of a segment. */
  add(packet: Packet, segment: Omit<HeldSegment, 'packet' | 'since' | 'packets'>): void {
    this.all.push({ ...segment, packet: copyPacket(packet), since: -1, packets: 0 })
  }

  remove(segment: HeldSegment): void {
    this.all.splice(this.all.indexOf(segment), 1)
  }

  /** The highest number that the receiver of one of them would acknowledge; -1 without any. */
  acknowledgedBy(direction: Direction): number {
    return this.all.reduce(
      (most, held) => (held.direction === direction ? Math.max(most, held.acknowledged) : most),
      -1,
    )
  }
}

/** Whether what was sent in a segment's place would have come by now; called once for each packet of the connection. */
export function isOverdue(held: HeldSegment, time: number): boolean {
  if (held.since < 0) held.since = time
  return time - held.since >= PATIENCE_NS || ++held.packets >= PATIENCE_PACKETS
}
