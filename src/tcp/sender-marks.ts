import { checksumState, ChecksumState } from '../wire/checksum.js'
import { type Packet, TcpFlag } from '../wire/packet.js'
import { Doubt } from './doubt.js'

/** Hop limits of one direction that are told apart: paths change, but not to that many lengths. */
const MOST_HOP_LIMITS = 8
/** Identifications of a counting host are this close to each other, even when it sends elsewhere meanwhile. */
const CLOSE = 64
/** And one as far off as this is not of the same counter. */
const FAR = 1024
/** So many identifications in a row show how a host chooses them. */
const REGULAR = 3

const NONE: number[] = []

/** What the packets of one direction have in common: another host's are unlike them. */
export class SenderMarks {
  /** Checksums that are right, or left to the network card; and wrong ones. */
  #right = 0
  #wrong = 0
  /** The peer has taken a segment with a wrong checksum: the network card completes those of this direction. */
  #offloaded = false
  /** That of the first packet; -1 before any. */
  #first = -1
  /** Hop limits other than the first packet's, and how many packets had them. */
  #hopLimits: number[] | null = null
  #counts: number[] = NONE
  #identification = -1
  #regular = 0
  #strange = 0

  /**
   * Bits of `Doubt` about the next packet. Its checksum is verified where `verify` demands it, or its other marks do;
   * but not that of a segment with more than `mostPayload` bytes, which a network card has merged or will split.
   */
  doubts(packet: Packet, verify: boolean, mostPayload: number): number {
    let doubts = 0
    if (this.#first < 0) this.#first = packet.hopLimit
    else if (packet.hopLimit !== this.#first && this.#isStrangeHopLimit(packet.hopLimit)) doubts |= Doubt.HopLimit
    if (packet.version === 4 && !packet.reassembled && this.#isStrangeIdentification(packet.identification))
      doubts |= Doubt.Identification
    if ((verify || doubts !== 0) && packet.payloadLength <= mostPayload && this.isDamaged(packet))
      doubts |= Doubt.Checksum
    return doubts
  }

  /** Whether a segment's checksum is wrong although those of its direction are right. */
  isDamaged(packet: Packet): boolean {
    switch (checksumState(packet)) {
      case ChecksumState.Unknown:
        return false
      case ChecksumState.Right:
      case ChecksumState.Offloaded:
        this.#right++
        return false
      case ChecksumState.Wrong:
        this.#wrong++
        return !this.#offloaded && this.#right > 2 * (this.#wrong - 1)
    }
  }

  /** More than the handshake shows that the checksums of this direction are those on the wire. */
  get certain(): boolean {
    return this.#right >= 2
  }

  /** Wrong checksums are the exception. */
  get checksumsTell(): boolean {
    return this.#right > 2 * (this.#wrong - 1)
  }

  /** The peer has acknowledged a segment that was doubtful for these reasons. */
  taken(why: number): void {
    if (why & Doubt.Checksum) this.#offloaded = true
  }

  /** Whether more than one packet had this hop limit. */
  isUsual(hopLimit: number): boolean {
    if (hopLimit === this.#first) return true
    const place = this.#hopLimits?.indexOf(hopLimit) ?? -1
    return place >= 0 && this.#counts[place]! > 1
  }

  #isStrangeHopLimit(hopLimit: number): boolean {
    if (this.#hopLimits === null) {
      this.#hopLimits = [hopLimit]
      this.#counts = [1]
      return true
    }
    const place = this.#hopLimits.indexOf(hopLimit)
    if (place >= 0) return ++this.#counts[place]! < 2
    if (this.#hopLimits.length < MOST_HOP_LIMITS) {
      this.#hopLimits.push(hopLimit)
      this.#counts.push(1)
    }
    return true
  }

  /** Of a host that counts its packets up, or gives all of them the same number. */
  #isStrangeIdentification(identification: number): boolean {
    const last = this.#identification
    // Linux numbers some of its packets 0, such as SYN,ACK and RST, and counts the others.
    if (identification === 0 && last > 0) return false
    const step = last < 0 ? 0 : ((identification - last) << 16) >> 16
    if (last < 0 || Math.abs(step) <= CLOSE) {
      if (last < 0 || step > 0) this.#identification = identification
      this.#regular++
      this.#strange = 0
      return false
    }
    const strange = this.#regular >= REGULAR && Math.abs(step) > FAR
    if (strange && this.#strange++ === 0) return true
    this.#identification = identification
    this.#regular = 1
    this.#strange = 0
    return strange
  }
}

/** Flags with which a single segment can decide what becomes of a connection. */
export const DECISIVE = TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst
