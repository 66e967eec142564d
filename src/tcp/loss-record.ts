import type { SharedMemory } from '../bytes/shared-memory.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { mayHaveSack, SackBlocks, sackBlocks } from '../wire/sack.js'
import { type Connection, type Direction, type Flow, opposite } from './connection.js'
import { ReceiverReports } from './receiver-reports.js'
import type { CoverageMap, SequenceSpace } from './sequence.js'
import { type UnseenBytes, unseenBytes } from './unseen.js'

/** Not on an acknowledgment that is repeated for what is missing (RFC 5681 §2). */
const NO_REPORT = TcpFlag.Syn | TcpFlag.Fin
/** Overwritten by each segment that has them. */
const SACK = new SackBlocks()
/** A segment that is sent again comes a round trip after it was asked for, one that was overtaken sooner. */
const ROUND_TRIP = 0.8
const LEAST_REORDERING_NS = 1e6
/** Where the round trip is not known (as Wireshark judges it). */
const REORDERING_NS = 3e6

/** Of Ethernet, where the handshake does not show it, without the timestamps. */
const USUAL_SEGMENT = 1448
const TIMESTAMPS_LENGTH = 12

/** What the two receivers of a connection say of bytes beyond their acknowledgments. */
export class LossRecord {
  readonly #connection: Connection
  readonly #spaces: readonly [SequenceSpace, SequenceSpace]
  readonly #coverage: readonly [CoverageMap, CoverageMap]
  readonly #shared: SharedMemory
  /** By direction of the bytes; `null` while nothing is said of them. */
  #reports: [ReceiverReports | null, ReceiverReports | null] | null = null

  /** Of what was captured of a connection; `shared` bounds what is kept for all of them. */
  constructor(
    connection: Connection,
    spaces: readonly [SequenceSpace, SequenceSpace],
    coverage: readonly [CoverageMap, CoverageMap],
    shared: SharedMemory,
  ) {
    this.#connection = connection
    this.#spaces = spaces
    this.#coverage = coverage
    this.#shared = shared
  }

  /** The bytes of a direction are acknowledged up to `offset`. */
  advance(direction: Direction, offset: number, time: number): void {
    this.#reports?.[direction]?.acknowledged(offset, time)
  }

  /**
   * A segment without data acknowledges the bytes of a direction up to `offset`; `repeats`: as the one before, with the
   * same window.
   */
  note(packet: Packet, direction: Direction, offset: number, repeats: boolean): void {
    const flow = this.#connection.flows[direction]
    if (mayHaveSack(packet)) {
      sackBlocks(packet, SACK)
      if (SACK.count > 0) {
        if (offset === flow.acknowledged) this.#reportsOf(direction).selective(packet, offset, SACK)
        return
      }
    }
    if (!repeats || packet.flags & NO_REPORT || offset >= Math.max(flow.end, flow.ahead?.offset ?? 0)) return
    flow.duplicateAcks++
    this.#reportsOf(direction).repeated(packet, offset)
  }

  /** No more packets will come: what the capture lacks of a direction, `acknowledged` of whose payload are received. */
  finish(direction: Direction, acknowledged: number): readonly UnseenBytes[] {
    const { flows, last, roundTrip } = this.#connection
    const flow = flows[direction]
    const reports = this.#reports?.[direction] ?? null
    const end = Math.max(acknowledged, flow.end + flow.aheadBytes)
    if (flow.missingBytes === 0 && end <= flow.end) {
      reports?.release()
      return flow.unseen
    }
    const holes = this.#coverage[direction].holes
    if (end > flow.end) holes.push({ start: flow.end, end })
    const unseen = unseenBytes(holes, {
      acknowledged,
      reports,
      segment: Math.min(flow.largestSegment, fullSegment(flow, flows[opposite(direction)])),
      sack: flows[0].sackPermitted && flows[1].sackPermitted,
      reordering: roundTrip === null ? REORDERING_NS : Math.max(roundTrip * ROUND_TRIP, LEAST_REORDERING_NS),
      end: last.time,
    })
    reports?.release()
    return unseen
  }

  #reportsOf(direction: Direction): ReceiverReports {
    this.#reports ??= [null, null]
    return (this.#reports[direction] ??= new ReceiverReports(
      this.#connection.flows[direction],
      this.#spaces[direction],
      this.#coverage[direction],
      this.#shared,
    ))
  }
}

/** Most payload of a segment, from the options of both SYNs (RFC 6691). */
function fullSegment({ timestampValue }: Flow, receiver: Flow): number {
  const { maximumSegmentSize } = receiver
  if (maximumSegmentSize <= TIMESTAMPS_LENGTH) return USUAL_SEGMENT
  return maximumSegmentSize - (timestampValue >= 0 && receiver.timestampValue >= 0 ? TIMESTAMPS_LENGTH : 0)
}
