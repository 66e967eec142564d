import type { AnomalyLog } from '../bytes/anomaly.js'
import { SharedMemory } from '../bytes/shared-memory.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import type { Chunk } from './assembler.js'
import { type Connection, Direction, type Flow, opposite, SIGHTINGS } from './connection.js'
import { forgetFin, forgetResets, noteFin, noteReset, noteSyn, sighting } from './connection-facts.js'
import {
  ACK_DELAY_NS,
  acknowledgedPayload,
  countShut,
  HEAD,
  keepHead,
  noteAhead,
  noteLarger,
  notePause,
  noteRate,
  noteStuck,
  noteWindow,
  releaseAhead,
  sentBy,
} from './flow-facts.js'
import { Duplicates, signatureOf } from './duplicates.js'
import { HandshakeNumbers } from './handshake-numbers.js'
import type { HeldSegment } from './held-segments.js'
import type { HeldSyn } from './held-syn.js'
import { LossRecord } from './loss-record.js'
import { recordNotTaken } from './not-taken.js'
import type { PayloadReader } from './payload-reader.js'
import { isOutsideWindow } from './receive-window.js'
import { ResetTrial } from './reset-trial.js'
import { Screen } from './screen.js'
import { DECISIVE } from './sender-marks.js'
import { Coverage, CoverageMap, SequenceSpace } from './sequence.js'
import type { StreamReader } from './stream-reader.js'
import { beginsLikeTls, TlsTail } from './tls-tail.js'

/** Late bytes younger than this came out of order, older ones are a retransmission (as Wireshark judges it). */
const REORDERING_NS = 3e6
/** An acknowledgment further ahead than this does not belong to this connection. */
const MAX_AHEAD = 2 ** 30
/** Bytes that an unconfirmed acknowledgment at the end of a connection may be ahead and still count. */
const PLAUSIBLE_STEP = 2 ** 20

/** Overwritten by each segment that is read. */
const CHUNK: Chunk = { bytes: new Uint8Array(0), start: 0, end: 0, offset: 0, frame: 0, time: 0, acknowledged: 0 }

/** Follows one connection: packets in, facts on `connection` and ordered payload to the reader. */
export class FollowedConnection {
  readonly connection: Connection
  /** Reads the payload; `null` while the connection is only counted. */
  reader: StreamReader | null = null
  /** Takes the payload of a connection that is only counted; `null` while nobody wants it. */
  payload: PayloadReader | null = null
  /** By direction. */
  readonly spaces: readonly [SequenceSpace, SequenceSpace] = [new SequenceSpace(), new SequenceSpace()]
  readonly #coverage: readonly [CoverageMap, CoverageMap]
  readonly #acknowledgedPayloads: [number, number] = [0, 0]
  /**
   * By direction: the latest acknowledgment of bytes that were not seen, not yet confirmed by another; -1 without one.
   */
  readonly #doubtful: [number, number] = [-1, -1]
  readonly #losses: LossRecord
  readonly #latest: Duplicates
  readonly #shared: SharedMemory
  readonly #anomalies: AnomalyLog
  readonly #screen: Screen
  readonly #numbers: HandshakeNumbers
  /** Whether any segment waits there. */
  #holds = false
  /** By direction: what the latest RST of the peer acknowledges; -1 without one. */
  readonly #resetAcknowledged: [number, number] = [-1, -1]
  /** Of the latest RST, until both hosts have shown that they go on. */
  #trial: ResetTrial | null = null
  /** A SYN with another sequence number came: what follows shows whether it opens a new connection. */
  heldSyn: HeldSyn | null = null
  #finished = false

  /** `shared` bounds what all connections hold of packets that come unusually fast, or out of order. */
  constructor(connection: Connection, anomalies: AnomalyLog, shared = new SharedMemory(Infinity)) {
    this.connection = connection
    this.#anomalies = anomalies
    this.#shared = shared
    this.#coverage = [new CoverageMap(shared), new CoverageMap(shared)]
    this.#losses = new LossRecord(connection, this.spaces, this.#coverage, shared)
    this.#latest = new Duplicates(shared)
    this.#screen = new Screen(connection, this.#coverage, anomalies, shared)
    this.#numbers = new HandshakeNumbers(connection, anomalies)
  }

  /** Starts from what the connection table knew of a connection that was not followed so far. */
  resume(direction: Direction, initialSequence: number): void {
    this.spaces[direction].anchor((initialSequence + 1) >>> 0, 0)
    this.connection.flows[direction].initialSequence = initialSequence
  }

  /**
   * Takes the next packet; true when it closes the connection, is the first RST, or shows that the hosts go on after
   * all.
   */
  segment(packet: Packet, direction: Direction): boolean {
    const { connection } = this
    const { closed, resetCount } = connection
    this.#take(packet, direction)
    return closed !== connection.closed || (resetCount === 0) !== (connection.resetCount === 0)
  }

  #take(packet: Packet, direction: Direction): void {
    const { connection } = this
    const flow = connection.flows[direction]
    connection.last.frame = packet.frame
    connection.last.time = packet.time
    if (this.#latest.has(signatureOf(packet, direction), packet.time) && !this.#hasNewData(packet, direction, flow)) {
      // A closed socket answers each segment in flight by the same RST, without an IP ID: no sign of the capture.
      if (packet.flags & TcpFlag.Rst && packet.identification === 0) return
      flow.duplicates++
      flow.firstDuplicate ??= packet.frame
      return
    }
    // Most packets are those of bulk data, with the hop limit of their host: nothing rests on a single one of them.
    if (this.reader === null && (packet.flags & DECISIVE) === 0 && packet.hopLimit === flow.hopLimit && !this.#holds)
      this.#follow(packet, direction, flow)
    else this.#screened(packet, direction, flow)
  }

  /** Of so many bulk packets, two may have one signature: a copy repeats what was counted. */
  #hasNewData({ sequence, payloadLength }: Packet, direction: Direction, { end }: Flow): boolean {
    if (this.reader !== null || this.#holds || payloadLength === 0) return false
    return this.spaces[direction].peek(sequence) + payloadLength > end
  }

  #screened(packet: Packet, direction: Direction, flow: Flow): void {
    const offset = this.spaces[direction].peek(packet.sequence)
    const read = this.reader !== null
    const verify = read || (packet.flags & DECISIVE) !== 0
    if (
      (!verify && packet.hopLimit === flow.hopLimit) ||
      this.#screen.passes(packet, direction, offset, read, verify)
    ) {
      this.#follow(packet, direction, flow)
      this.#takeHeld(packet.time)
    }
    this.#holds = this.#screen.holds
    this.#settle(packet)
  }

  /** Follows the segments that were held back and have been taken since, in the order in which they came. */
  #takeHeld(time: number): void {
    if (!this.#holds) return
    for (let held = this.#screen.taken(time); held !== null; held = this.#screen.taken(time)) this.#followHeld(held)
  }

  #followHeld({ packet, direction }: HeldSegment): void {
    const flow = this.connection.flows[direction]
    const { lastTime, window, identification } = flow
    this.#follow(packet, direction, flow)
    if (lastTime > flow.lastTime) Object.assign(flow, { lastTime, window, identification })
  }

  #settle({ frame, time }: Packet): void {
    const { reader } = this
    if (reader === null) return
    this.#acknowledgedPayloads[0] = acknowledgedPayload(this.connection.flows[Direction.FromInitiator])
    this.#acknowledgedPayloads[1] = acknowledgedPayload(this.connection.flows[Direction.FromResponder])
    reader.heldBack = this.#screen.bytes
    reader.settle(this.#acknowledgedPayloads, frame, time)
  }

  #follow(packet: Packet, direction: Direction, flow: Flow): void {
    const { connection } = this
    if (flow.packets++ === 0) {
      flow.hopLimit = packet.hopLimit
      if (direction === Direction.FromInitiator) connection.firstFlags = packet.flags
    }
    flow.identification = packet.identification
    const { window } = flow
    flow.window = packet.window
    flow.lastTime = packet.time
    if (packet.flags & TcpFlag.Rst) {
      this.#reset(packet, direction)
      return
    }
    if (packet.window === 0 || flow.shutSince !== null) noteWindow(flow, packet)
    const isSyn = (packet.flags & TcpFlag.Syn) !== 0
    const space = this.spaces[direction]
    const firstSequence = (packet.sequence + (isSyn ? 1 : 0)) >>> 0
    if (isSyn && space.known && packet.flags & TcpFlag.Ack && this.#numbers.isOtherSynAck(packet, direction, flow))
      return
    if (!space.known || (isSyn && flow.dataSegments === 0)) {
      // Until its SYN comes, a direction may have been known by an acknowledgment of later bytes only.
      if (space.known && flow.acknowledged >= 0) flow.acknowledged -= space.peek(firstSequence)
      space.anchor(firstSequence, 0)
      flow.initialSequence = (firstSequence - 1) >>> 0
    }
    if (isSyn) noteSyn(connection, packet, direction)
    else if (direction === Direction.FromInitiator && connection.established === null && connection.syns.length > 0) {
      connection.established = sighting(packet)
    }
    // The window of a SYN is never scaled (RFC 7323 §2.2).
    if (packet.window > flow.largestWindow && !isSyn) flow.largestWindow = packet.window
    if (packet.flags & TcpFlag.Ack) this.#acknowledge(packet, direction, window)
    let offset = space.offset(firstSequence)
    if (offset < flow.end && !isSyn && this.#numbers.repeats(packet, direction, flow)) {
      space.anchor(packet.sequence, flow.end)
      offset = flow.end
    }
    if (packet.payloadLength > 0) this.#payload(packet, direction, flow, offset)
    else if (offset > flow.end && flow.fin === null && !isSyn) noteAhead(flow, packet, offset)
    else if (offset === flow.end - 1 && !isSyn && !(packet.flags & TcpFlag.Fin)) flow.keepAlives++
    if (packet.flags & TcpFlag.Fin) noteFin(this.connection, packet, direction, offset)
  }

  /** Whether a SYN inside the connection has a wrong checksum, so that no host takes it. */
  refuses(syn: Packet, direction: Direction): boolean {
    return !this.#screen.passes(syn, direction, -1, false, true)
  }

  /** The connection is over, or the input: final counts, and the reader delivers what waits. Later calls do nothing. */
  finish(): void {
    if (this.#finished) return
    this.#finished = true
    for (const held of this.#screen.rest()) this.#followHeld(held)
    const { flows, last } = this.connection
    const ends: [number, number] = [0, 0]
    for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
      const flow = flows[direction]
      // Nothing can confirm the last acknowledgment any more; a small step is plausible.
      const doubtful = this.#doubtful[direction]
      if (doubtful > flow.acknowledged && doubtful - Math.max(flow.end, flow.acknowledged) < PLAUSIBLE_STEP) {
        flow.acknowledged = doubtful
      }
      if (this.connection.resetCount > 0) this.#takeReset(direction)
      const acknowledged = acknowledgedPayload(flow)
      const tail = Math.max(0, acknowledged - flow.end)
      flow.acknowledgedUnseen = this.#coverage[direction].missingBelow(acknowledged) + tail
      flow.unseen = this.#losses.finish(direction, acknowledged)
      flow.missingBytes += tail
      flow.end += tail
      flow.firstHole = this.#coverage[direction].holeWithin(0, flow.end)
      countShut(flow, last.time)
      ends[direction] = flow.end
      this.#coverage[direction].release()
      releaseAhead(flow, this.#shared)
    }
    this.#latest.release()
    this.reader?.finish(ends, last.frame, last.time)
    this.payload?.finish(ends, last.frame, last.time)
  }

  /** What a RST acknowledged that was not taken back since. */
  #takeReset(direction: Direction): void {
    const flow = this.connection.flows[direction]
    const offset = this.#resetAcknowledged[direction]
    const step = offset - Math.max(flow.end, flow.acknowledged)
    if (offset > flow.acknowledged && step < PLAUSIBLE_STEP) flow.acknowledged = offset
  }

  /** `window` is that of the packet before. */
  #acknowledge(packet: Packet, direction: Direction, window: number): void {
    const peer = opposite(direction)
    const space = this.spaces[peer]
    const flow = this.connection.flows[peer]
    if (!space.known) {
      // The other direction was not seen yet: what is acknowledged of it is where it starts.
      space.anchor(packet.acknowledgment, 0)
      flow.initialSequence = (packet.acknowledgment - 1) >>> 0
    }
    if (this.#numbers.undecided && peer === Direction.FromResponder) this.#numbers.decide(packet, space, flow)
    const offset = space.peek(packet.acknowledgment)
    if (offset <= flow.end + 1 || (this.#holds && offset <= this.#screen.acknowledgedBy(peer))) {
      const repeats = offset === flow.acknowledged
      if (offset > flow.acknowledged) {
        flow.acknowledged = offset
        if (offset >= flow.end) flow.acknowledgedAt = packet.time
        if (this.#trial?.acknowledged(peer, offset, packet.time)) this.#acquit()
        if (flow.finOffset >= 0 && offset > flow.finOffset + 1 && flow.end > flow.finOffset) {
          recordNotTaken(this.#anomalies, 'tcp-fin-not-taken', this.connection, flow.fin!.frame)
          forgetFin(this.connection, peer)
        }
        this.#losses.advance(peer, offset, packet.time)
      }
      // Bulk data of the other direction has an acknowledgment as well, always the same.
      if (packet.payloadLength === 0) this.#losses.note(packet, peer, offset, repeats && packet.window === window)
      return
    }
    // Ahead of all that was seen: either bytes that the capture lacks, or a damaged number. The next one shows which,
    // since acknowledgments do not go back.
    const doubtful = this.#doubtful[peer]
    if (offset < flow.end + MAX_AHEAD) {
      if (doubtful >= 0 && doubtful <= offset && doubtful > flow.acknowledged) {
        flow.acknowledged = doubtful
        this.#losses.advance(peer, doubtful, packet.time)
      }
      this.#doubtful[peer] = offset
    }
  }

  #reset(packet: Packet, direction: Direction): void {
    const { connection } = this
    const { flows } = connection
    const space = this.spaces[direction]
    const peer = opposite(direction)
    const offset = space.known ? space.peek(packet.sequence) : -1
    const outside = space.known && isOutsideWindow(offset, flows[direction], flows[peer])
    noteReset(connection, packet, direction, outside)
    // Up to where either host may have sent before it.
    const ends: [number, number] = [sentBy(flows[0]), sentBy(flows[1])]
    if (offset < flows[direction].end + MAX_AHEAD) ends[direction] = Math.max(ends[direction], offset)
    if (packet.flags & TcpFlag.Ack && this.spaces[peer].known) {
      const acknowledged = this.spaces[peer].peek(packet.acknowledgment)
      if (acknowledged < flows[peer].end + MAX_AHEAD) ends[peer] = Math.max(ends[peer], acknowledged)
      // Of a host's own RST it is what it has received (RFC 9293 §3.10.5).
      if (!outside && packet.hopLimit === flows[direction].hopLimit) this.#resetAcknowledged[peer] = acknowledged
    }
    this.#trial = new ResetTrial(packet.time, direction, ends)
  }

  /** Both hosts go on after the RSTs so far. */
  #acquit(): void {
    this.#trial = null
    for (const { frame } of this.connection.resets)
      recordNotTaken(this.#anomalies, 'tcp-reset-not-taken', this.connection, frame)
    forgetResets(this.connection)
  }

  #payload(packet: Packet, direction: Direction, flow: Flow, offset: number): void {
    const length = packet.payloadLength
    const coverage = this.#coverage[direction]
    if (length === 1 && offset === coverage.end - 1) {
      flow.keepAlives++
      return
    }
    if (this.reader === null && offset < flow.end && this.#screen.refusesCopy(packet, direction, offset)) return
    flow.dataSegments++
    if (length > flow.largestSegment) noteLarger(flow, length, offset + length)
    flow.snappedBytes += length - (packet.payloadEnd - packet.payloadStart)
    const newest = flow.lastData
    const before = flow.end
    // Bytes before the first packet of a connection captured from its middle have no position in the stream.
    const covered = offset + length > 0 ? coverage.add(Math.max(offset, 0), offset + length) : Coverage.Repeated
    flow.end = coverage.end
    flow.missingBytes = coverage.missing
    if (covered !== Coverage.Repeated && newest && this.reader === null) noteRate(flow, packet, before)
    if (covered === Coverage.New) {
      if (flow.end - flow.acknowledged > flow.mostInFlight)
        flow.mostInFlight = flow.end - Math.max(0, flow.acknowledged)
      if (newest) {
        if (packet.time - newest.time > ACK_DELAY_NS)
          notePause(flow, newest.time, packet, before, this.connection.roundTrip ?? 0)
        newest.frame = packet.frame
        newest.time = packet.time
      } else {
        flow.firstData = sighting(packet)
        flow.lastData = sighting(packet)
      }
    } else if (covered === Coverage.Filling && newest && packet.time - newest.time < this.#reorderingTime()) {
      flow.outOfOrder++
    } else {
      flow.retransmissions++
      if (covered === Coverage.Repeated && offset + length > flow.acknowledged) flow.lostBehind++
      else flow.lostBefore++
      if (flow.retransmitted.length === SIGHTINGS) flow.retransmitted.shift()
      flow.retransmitted.push(sighting(packet))
      if (offset === Math.max(0, flow.acknowledged)) noteStuck(flow, packet, offset)
    }
    if (this.reader) this.reader.add(direction, this.#chunk(packet, direction, offset), length)
    else {
      if (offset < HEAD) keepHead(flow, packet, offset, this.#shared)
      if (flow.tail || (flow.head && beginsLikeTls(flow.head))) (flow.tail ??= new TlsTail()).add(packet, offset)
      if (offset >= 0) this.payload?.add(direction, packet, offset, acknowledgedPayload(flow))
    }
  }

  #chunk(packet: Packet, direction: Direction, offset: number): Chunk {
    CHUNK.bytes = packet.bytes
    CHUNK.start = packet.payloadStart
    CHUNK.end = packet.payloadEnd
    CHUNK.offset = offset
    CHUNK.frame = packet.frame
    CHUNK.time = packet.time
    CHUNK.acknowledged = this.#acknowledgedBy(packet, direction)
    return CHUNK
  }

  /** Payload of the other direction that the sender of a packet had received, without the FIN. */
  #acknowledgedBy(packet: Packet, direction: Direction): number {
    const space = this.spaces[opposite(direction)]
    if (!(packet.flags & TcpFlag.Ack) || !space.known) return -1
    const offset = space.peek(packet.acknowledgment)
    const { finOffset } = this.connection.flows[opposite(direction)]
    return finOffset >= 0 ? Math.min(offset, finOffset) : offset
  }

  #reorderingTime(): number {
    return Math.max(REORDERING_NS, this.connection.roundTrip ?? 0)
  }
}
