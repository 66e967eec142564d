import type { DoubtfulSegment } from './doubt.js'
import type { RateMeter } from './rate-meter.js'
import { SenderMarks } from './sender-marks.js'
import type { TlsTail } from './tls-tail.js'
import type { UnseenBytes } from './unseen.js'

/** Address as text and port of one end of a connection. */
export interface Endpoint {
  address: string
  port: number
}

/** Index of a direction: sent by the initiator (who sent the SYN), or by the responder. */
export const Direction = { FromInitiator: 0, FromResponder: 1 } as const
export type Direction = (typeof Direction)[keyof typeof Direction]

export function opposite(direction: Direction): Direction {
  return direction === Direction.FromInitiator ? Direction.FromResponder : Direction.FromInitiator
}

/** A packet worth naming as evidence. */
export interface Sighting {
  frame: number
  /** Nanoseconds since the first frame of the input. */
  time: number
}

/** A RST with the fields to compare with other packets from the same source address. */
export interface ResetSighting extends Sighting {
  direction: Direction
  hopLimit: number
  identification: number
  window: number
  /** True for the RST of a host without that port: RST,ACK to a SYN. */
  answersSyn: boolean
  /** Its sequence number is outside the receiver's window: hosts do not take it (RFC 5961 §3.2), middleboxes may. */
  outsideWindow: boolean
}

/** An ICMP error that quoted a packet of the connection. */
export interface IcmpSighting extends Sighting {
  version: 4 | 6
  type: number
  code: number
  /** Source address of the error, as text. */
  from: string
  hopLimit: number
  /** Direction of the packet that is quoted. */
  quoted: Direction
  /** Next-hop MTU of "fragmentation needed" / "packet too big", 0 where not given. */
  mtu: number
  /** True when it quotes the SYN (the connection was not open yet). */
  quotesSyn: boolean
}

/** A segment that was retransmitted because its bytes are the next that the peer waits for. */
export interface StuckSegment {
  offset: number
  length: number
  /** Retransmissions seen. */
  times: number
  /** All of them forbade fragmentation; IPv6 routers never fragment. */
  dontFragment: boolean
  first: Sighting
  last: Sighting
}

/** How many sightings of one kind are kept: enough for evidence, bounded whatever the input. */
export const SIGHTINGS = 8
/** Of most flows. */
const NOTHING_UNSEEN: readonly UnseenBytes[] = []

/** One direction of a connection. Byte offsets count from the first payload byte, unwrapped (exact up to 2^53). */
export class Flow {
  packets = 0
  /** Segments with payload, without packets that were captured twice. */
  dataSegments = 0
  /** Sequence number of the SYN, or one less than the first one seen; -1 before any packet. */
  initialSequence = -1
  /** Offset after the highest payload byte seen. */
  end = 0
  /** Offset up to which the peer has acknowledged; -1 when it has not. */
  acknowledged = -1
  /** Segments that carry bytes seen before. */
  retransmissions = 0
  /** The latest retransmissions. */
  retransmitted: Sighting[] = []
  /** Of those: bytes that were captured and not acknowledged: lost between the observation point and the receiver. */
  lostBehind = 0
  /**
   * Of those: bytes that were not captured before, or already acknowledged: lost between the sender and the observation
   * point.
   */
  lostBefore = 0
  /**
   * Acknowledgments that repeat the one before while bytes are outstanding (RFC 5681 §2), or name what came beyond it.
   */
  duplicateAcks = 0
  /** Segments that the receiver reports to have twice (D-SACK, RFC 2883): sent again without need, or copied. */
  receivedTwice = 0
  outOfOrder = 0
  /** Payload bytes below `end` that were not seen. */
  missingBytes = 0
  /** Bytes acknowledged by the peer but absent from the capture. */
  acknowledgedUnseen = 0
  /** What the capture lacks, and what the receiver said of it; known when the connection is done. */
  unseen: readonly UnseenBytes[] = NOTHING_UNSEEN
  /** The same packet captured again. */
  duplicates = 0
  firstDuplicate: number | null = null
  keepAlives = 0
  firstData: Sighting | null = null
  lastData: Sighting | null = null
  /** New bytes over time, of a connection that is only counted; `null` where all came within a millisecond. */
  rate: RateMeter | null = null
  /** First FIN, and the offset after the last byte according to it; -1 before a FIN. */
  fin: Sighting | null = null
  finOffset = -1
  /** Its sequence and acknowledgment numbers: whether it answers the peer's shows who closed first. */
  finNumbers: readonly [number, number] | null = null
  /** TTL or hop limit of the first packet; 0 before any. */
  hopLimit = 0
  identification = 0
  window = 0
  /** From the SYN; -1 where absent or not seen. */
  maximumSegmentSize = -1
  windowScale = -1
  sackPermitted = false
  timestampValue = -1
  largestSegment = 0
  /** Each segment that was larger than all before it: its length, and the offset after it. */
  sizes: { length: number; end: number }[] = []
  /** Time of the latest packet, -1 before any. */
  lastTime = -1
  /** Payload bytes cut off by the snap length. */
  snappedBytes = 0
  /** The segment that the peer waits for, retransmitted; overwritten once the peer waits for another one. */
  stuck: StuckSegment | null = null
  /** Offset of the first byte that was never seen, -1 when there is none; known when the connection is done. */
  firstHole = -1
  /**
   * A packet without payload whose sequence number is beyond all bytes that were seen: its sender had sent up to there.
   */
  ahead: (Sighting & { offset: number }) | null = null
  /** Largest receive window offered, as in the header (not scaled). */
  largestWindow = 0
  /** Since when this side offers a window of zero; `null` while it is open. */
  shutSince: Sighting | null = null
  firstShut: Sighting | null = null
  /** Number of times that it was zero, and for how long in total (ns). */
  shuts = 0
  shutTime = 0
  /** Silences between its segments in which all was acknowledged: its own pauses. */
  pauses = 0
  pauseTime = 0
  longestPause: (Sighting & { length: number }) | null = null
  /** Silences between its segments that ended in an acknowledgment, or a retransmission. */
  waitTime = 0
  /** When the peer last acknowledged all that had been sent; -1 before. */
  acknowledgedAt = -1
  /** How often the sender waited for an acknowledgment that the receiver delayed, and for how long in total (ns). */
  delayedAcks = 0
  delayedAckTime = 0
  /** Most bytes sent and not yet acknowledged. */
  mostInFlight = 0
  /** First bytes of a connection that is only counted, up to `HEAD`; `null` before any. */
  head: Uint8Array | null = null
  /** Bytes that arrived ahead of a hole in the first ones; `null` while there are none. */
  headAhead: { offset: number; bytes: Uint8Array }[] | null = null
  /** The last bytes of one that began like TLS and is only counted; `null` for others. */
  tail: TlsTail | null = null
  /** What its packets have in common. */
  readonly marks = new SenderMarks()

  /** What was captured of it ends in a TLS alert record. */
  get endsWithAlert(): boolean {
    return this.tail?.isAlertBefore(this.end) ?? false
  }

  /** Payload bytes seen, each once. */
  get bytes(): number {
    return this.end - this.missingBytes
  }

  /**
   * Bytes after `end` that only the sender's own later packets show: they were lost on the way here, or by the capture.
   */
  get aheadBytes(): number {
    const bytes = Math.max(0, (this.ahead?.offset ?? 0) - this.end)
    // The FIN takes a sequence number, too, and may be what is missing.
    return bytes === 1 && this.fin === null ? 0 : bytes
  }

  /** Length of the largest segment of which the peer has acknowledged all bytes; 0 where none. */
  get largestAcknowledged(): number {
    let largest = 0
    for (const { length, end } of this.sizes) if (end <= this.acknowledged) largest = length
    return largest
  }
}

/**
 * A TCP connection that can matter to FTP. Made for these only; all other connections are rows of the connection table.
 * `initiator` is who sent the SYN, or for a connection captured from its middle the likelier of the two ends.
 */
export class Connection {
  readonly tcpStream: number
  /** The same in the file of its first packet, opened alone. */
  streamInFile: number
  readonly initiator: Endpoint
  readonly responder: Endpoint
  /** 4 or 6. */
  readonly version: 4 | 6
  /** By `Direction`. */
  readonly flows: readonly [Flow, Flow] = [new Flow(), new Flow()]

  /** SYNs of the initiator, the first and its repetitions (at most `SIGHTINGS`); `synAttempts` counts all. */
  syns: Sighting[] = []
  synAttempts = 0
  /** SYN,ACKs of the responder. */
  synAcks: Sighting[] = []
  synAckAttempts = 0
  /** The initiator's acknowledgment that ends the handshake. */
  established: Sighting | null = null
  /** True when the first packet seen was not a SYN. */
  midstream = false
  /** Flags of the initiator's first packet since it is followed, as `TcpFlag`; -1 before any. */
  firstFlags = -1
  resets: ResetSighting[] = []
  resetCount = 0
  /** Of those: outside the window of their receiver, so that they alone do not close the connection. */
  resetsOutside = 0
  icmpErrors: IcmpSighting[] = []
  /** Segments among those counted here that may be another host's, or may not have been taken; `null` without any. */
  doubts: DoubtfulSegment[] | null = null
  /** Direction of the side that closed first, by FIN or RST; `null` while open. */
  closedBy: { direction: Direction; how: 'fin' | 'rst' } | null = null
  readonly first: Sighting
  /** Overwritten by each packet: copy it to keep it. */
  readonly last: Sighting

  constructor(tcpStream: number, version: 4 | 6, initiator: Endpoint, responder: Endpoint, first: Sighting) {
    this.tcpStream = tcpStream
    this.streamInFile = tcpStream
    this.version = version
    this.initiator = initiator
    this.responder = responder
    this.first = first
    this.last = { ...first }
  }

  /** True when both directions are closed, or one side reset the connection. */
  get closed(): boolean {
    return this.resetCount > this.resetsOutside || (this.flows[0].fin !== null && this.flows[1].fin !== null)
  }

  /**
   * Reset, but its hosts may go on: each RST that is kept is outside the window, or has a hop limit that its host's
   * other packets do not have.
   */
  get doubtfullyReset(): boolean {
    return (
      this.resetCount > 0 &&
      (this.flows[0].fin === null || this.flows[1].fin === null) &&
      this.resets.every((reset) => reset.outsideWindow || !this.flows[reset.direction].marks.isUsual(reset.hopLimit))
    )
  }

  /** SYN to SYN,ACK plus SYN,ACK to ACK, in nanoseconds: the round trip of the whole path, wherever it was captured. */
  get roundTrip(): number | null {
    const syn = this.syns.at(-1)
    const synAck = this.synAcks[0]
    if (!syn || !synAck || !this.established || this.synAttempts > 1 || this.synAckAttempts > 1) return null
    return this.established.time - syn.time
  }
}

/** True while all that is known of a connection is its SYN: an answer to anything is an answer to that. */
export function isUnanswered({ synAttempts, synAckAttempts, established }: Connection): boolean {
  return synAttempts > 0 && synAckAttempts === 0 && established === null
}
