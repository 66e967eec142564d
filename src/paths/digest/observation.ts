import type { Direction, Endpoint } from '../../tcp/connection.js'
import type { DigestBudget } from './digest-budget.js'
import { SegmentLog } from './segment-log.js'

/** One TCP connection as one place of capture saw it. */
export class Observation {
  /** Index of the place. */
  readonly place: number
  /** As Wireshark numbers `tcp.stream` at that place. */
  readonly stream: number
  /** Its first packet is a SYN. */
  readonly opened: boolean
  initiator: Endpoint
  responder: Endpoint
  readonly log: SegmentLog
  /** By direction; `null` where no SYN was captured. */
  readonly initialSequences: [number | null, number | null] = [null, null]
  /** Packets that were captured twice, which `log` has once. */
  duplicates = 0
  /** Senders of its ICMP errors, as text; a row's acknowledgment is the index here. */
  readonly icmpSenders: string[] = []

  constructor(
    place: number,
    stream: number,
    opened: boolean,
    initiator: Endpoint,
    responder: Endpoint,
    budget: DigestBudget,
  ) {
    this.place = place
    this.stream = stream
    this.opened = opened
    this.initiator = initiator
    this.responder = responder
    this.log = new SegmentLog(budget)
  }

  /** The end that sends in a direction. */
  sender(direction: Direction): Endpoint {
    return direction === 0 ? this.initiator : this.responder
  }

  /** Exchanges the roles of the ends: a capture from the middle of a connection does not show who opened it. */
  flip(): void {
    const { initiator, initialSequences } = this
    this.initiator = this.responder
    this.responder = initiator
    initialSequences.reverse()
    this.log.flip()
  }
}
