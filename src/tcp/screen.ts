import type { AnomalyLog } from '../bytes/anomaly.js'
import type { SharedMemory } from '../bytes/shared-memory.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { type Connection, type Direction, opposite } from './connection.js'
import { Doubt } from './doubt.js'
import { noteDoubt } from './doubts.js'
import { heldBytes, HeldSegments, type HeldSegment, isOverdue, LONGEST_HELD } from './held-segments.js'
import { recordNotTaken } from './not-taken.js'
import type { CoverageMap } from './sequence.js'

/** Largest payload of a segment where the receiver's SYN was not seen: Ethernet's. */
const USUAL_SEGMENT = 1460

/**
 * Keeps doubtful segments out of a connection until the hosts' own dialogue shows what they took: one with a wrong
 * checksum, or unlike the others of its sender, waits until its receiver acknowledges it. What comes in its place
 * meanwhile, and is beyond doubt, is what was taken.
 */
export class Screen {
  readonly #connection: Connection
  readonly #coverage: readonly [CoverageMap, CoverageMap]
  readonly #anomalies: AnomalyLog
  readonly #shared: SharedMemory
  #held: HeldSegments | null = null

  /** What waits counts to `shared`. */
  constructor(
    connection: Connection,
    coverage: readonly [CoverageMap, CoverageMap],
    anomalies: AnomalyLog,
    shared: SharedMemory,
  ) {
    this.#connection = connection
    this.#coverage = coverage
    this.#anomalies = anomalies
    this.#shared = shared
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#held?.bytes ?? 0
  }

  /** Whether any segment waits. */
  get holds(): boolean {
    return this.#held !== null
  }

  /** The highest number that a segment of a direction which waits would be acknowledged by; -1 without any. */
  acknowledgedBy(direction: Direction): number {
    return this.#held?.acknowledgedBy(direction) ?? -1
  }

  /** Whether a packet whose first byte is at `offset` is to be followed now; `read` for a control connection's. */
  passes(packet: Packet, direction: Direction, offset: number, read: boolean, verify: boolean): boolean {
    const connection = this.#connection
    const { marks } = connection.flows[direction]
    const why = marks.doubts(packet, verify, this.#mostPayload(direction))
    if (why === 0) return true
    const drop = (why & Doubt.Checksum) !== 0 && marks.certain
    const payload = packet.payloadLength
    if (packet.flags & TcpFlag.Syn || (payload === 0 && !(packet.flags & TcpFlag.Fin)))
      return this.#passesEmpty(packet, direction, why, drop)
    const opening = connection.synAttempts > 0 && connection.established === null
    if ((connection.flows[opposite(direction)].packets === 0 && !opening) || offset < 0) {
      // Nothing shows what its receiver took.
      noteDoubt(connection, packet, direction, why)
      return true
    }
    const coverage = this.#coverage[direction]
    if (payload > 0 && coverage.seesAll(offset, offset + payload)) {
      if (!drop) noteDoubt(connection, packet, direction, why)
      else this.#drop(packet)
      return !drop
    }
    if (!read && !(packet.flags & TcpFlag.Fin)) {
      // Bulk data: no verdict rests on single bytes of it.
      if (drop) this.#drop(packet)
      return !drop
    }
    const overlaps = payload > 0 && coverage.sees(offset, offset + payload)
    const holds = payload <= LONGEST_HELD && this.#held?.full !== true && (!overlaps || drop)
    if (!holds || !this.#shared.take(heldBytes(packet))) {
      noteDoubt(connection, packet, direction, why)
      return true
    }
    this.#held ??= new HeldSegments()
    const end = offset + payload
    const acknowledged = packet.flags & TcpFlag.Fin ? end + 1 : end
    this.#held.add(packet, { direction, offset, end, acknowledged, why })
    return false
  }

  /**
   * Whether a segment of bulk data has bytes that came before, and a wrong checksum, so that no host takes it. Only the
   * copies are verified: nothing rests on a single segment of the rest.
   */
  refusesCopy(packet: Packet, direction: Direction, offset: number): boolean {
    const { payloadLength } = packet
    if (payloadLength > this.#mostPayload(direction)) return false
    if (!this.#coverage[direction].sees(Math.max(offset, 0), offset + payloadLength)) return false
    const { marks } = this.#connection.flows[direction]
    if (!marks.isDamaged(packet)) return false
    if (marks.certain) this.#drop(packet)
    else noteDoubt(this.#connection, packet, direction, Doubt.Checksum)
    return marks.certain
  }

  /** A held segment that its receiver took; called after each packet, until it is `null`. */
  taken(time: number): HeldSegment | null {
    const held = this.#held
    if (held === null) return null
    for (const segment of held.all.slice()) {
      const { direction, offset, end, acknowledged, why } = segment
      const flow = this.#connection.flows[direction]
      const coverage = this.#coverage[direction]
      if (coverage.sees(offset, end) || (offset === end && flow.end > offset)) {
        this.#remove(segment)
        this.#refuse(segment)
      } else if (flow.acknowledged >= acknowledged) {
        const certain = (why & Doubt.Checksum) !== 0 && flow.marks.certain
        if (certain && coverage.end < end && !isOverdue(segment, time)) continue
        this.#remove(segment)
        flow.marks.taken(why)
        noteDoubt(this.#connection, segment.packet, direction, why)
        return segment
      }
    }
    return null
  }

  /** The connection is over: segments that are beyond doubt but for their hop limit or identification. */
  rest(): HeldSegment[] {
    const all = this.#held?.all ?? []
    this.#held = null
    for (const { packet } of all) this.#shared.give(heldBytes(packet))
    return all.filter((segment) => {
      const { direction, offset, end, why, packet } = segment
      const { marks } = this.#connection.flows[direction]
      const refused =
        this.#coverage[direction].sees(offset, end) || ((why & Doubt.Checksum) !== 0 && marks.checksumsTell)
      if (refused) this.#refuse(segment)
      else noteDoubt(this.#connection, packet, direction, why)
      return !refused
    })
  }

  /** A SYN, a RST or a mere acknowledgment. */
  #passesEmpty(packet: Packet, direction: Direction, why: number, drop: boolean): boolean {
    if (drop) {
      this.#drop(packet)
      return false
    }
    // The hop limit of a RST is compared by those who judge it, and hosts number RSTs in their own way.
    const telling = packet.flags & TcpFlag.Rst ? why & Doubt.Checksum : why & ~Doubt.Identification
    if (telling !== 0) noteDoubt(this.#connection, packet, direction, telling)
    return true
  }

  /** Larger segments were merged by a network card, or will be split by one. */
  #mostPayload(direction: Direction): number {
    const { maximumSegmentSize } = this.#connection.flows[opposite(direction)]
    return maximumSegmentSize > 0 ? maximumSegmentSize : USUAL_SEGMENT
  }

  #remove(segment: HeldSegment): void {
    this.#shared.give(heldBytes(segment.packet))
    this.#held!.remove(segment)
    if (this.#held!.all.length === 0) this.#held = null
  }

  #refuse({ packet, why }: HeldSegment): void {
    if (why & Doubt.Checksum) this.#drop(packet)
    else recordNotTaken(this.#anomalies, 'tcp-segment-not-taken', this.#connection, packet.frame)
  }

  #drop({ frame }: Packet): void {
    recordNotTaken(this.#anomalies, 'tcp-checksum', this.#connection, frame)
  }
}
