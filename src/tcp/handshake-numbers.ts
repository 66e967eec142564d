import type { AnomalyLog } from '../bytes/anomaly.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { type Connection, Direction, type Flow } from './connection.js'
import { recordNotTaken } from './not-taken.js'
import type { SequenceSpace } from './sequence.js'

/** Where the sequence numbers of a connection begin, if its handshake leaves that open. */
export class HandshakeNumbers {
  readonly #connection: Connection
  readonly #anomalies: AnomalyLog
  /** By direction: checksum of the latest segment that has the number of the SYN, which is not counted; -1 else. */
  readonly #uncounted: [number, number] = [-1, -1]
  /** Of a SYN,ACK that was followed by another one, whose frame is kept; -1 without one. */
  #otherSynAck = -1
  #latestSynAck = -1

  constructor(connection: Connection, anomalies: AnomalyLog) {
    this.#connection = connection
    this.#anomalies = anomalies
  }

  /**
   * Whether payload or a FIN has the sequence number of the SYN, and neither end counts the SYN: a generated capture.
   * It may give the same number to all that its sender says.
   */
  repeats(packet: Packet, direction: Direction, flow: Flow): boolean {
    const { payloadLength, sequence, checksum } = packet
    if (sequence !== flow.initialSequence || (payloadLength < 2 && !(packet.flags & TcpFlag.Fin))) return false
    const latest = this.#uncounted[direction]
    if (latest < 0) {
      const { syns, synAcks } = this.#connection
      if ((direction === Direction.FromInitiator ? syns : synAcks).length === 0 || flow.dataSegments > 0) return false
      // The handshake shows it: the peer acknowledges the SYN's own number, or the sender repeats that.
      if (flow.acknowledged >= 0 && flow.keepAlives === 0) return false
      flow.keepAlives = 0
    } else if (payloadLength > 0 && checksum === latest) return false
    this.#uncounted[direction] = checksum
    return true
  }

  /**
   * A SYN,ACK with another number than that of the SYN or SYN,ACK before it. Where that was not acknowledged yet, the
   * initiator's acknowledgment shows which one it took.
   */
  isOtherSynAck(packet: Packet, direction: Direction, flow: Flow): boolean {
    const { syns, synAcks } = this.#connection
    const before = direction === Direction.FromInitiator ? syns : synAcks
    if (before.length === 0 || packet.sequence === flow.initialSequence) return false
    if (direction === Direction.FromResponder && flow.acknowledged < 0 && flow.dataSegments === 0) {
      this.#otherSynAck = flow.initialSequence
      this.#latestSynAck = packet.frame
      return false
    }
    recordNotTaken(this.#anomalies, 'tcp-syn-ack-not-taken', this.#connection, packet.frame)
    return true
  }

  /** Two SYN,ACKs came, and neither was acknowledged yet. */
  get undecided(): boolean {
    return this.#otherSynAck >= 0
  }

  /** The initiator acknowledges the latest SYN,ACK, or the one before: then `space` begins there. */
  decide(packet: Packet, space: SequenceSpace, flow: Flow): void {
    if (packet.acknowledgment === (this.#otherSynAck + 1) >>> 0 && flow.dataSegments === 0) {
      recordNotTaken(this.#anomalies, 'tcp-syn-ack-not-taken', this.#connection, this.#latestSynAck)
      space.anchor(packet.acknowledgment, 0)
      flow.initialSequence = this.#otherSynAck
    }
    this.#otherSynAck = -1
  }
}
