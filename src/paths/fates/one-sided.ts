import { Direction } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import { OptionBit } from '../digest/options-digest.js'
import type { Observation } from '../digest/observation.js'
import { endSequence, sequenceLength } from '../digest/rows.js'
import type { Fate, MissingReason } from '../model.js'
import { hopLimit } from '../order.js'
import type { OneWay } from './one-way.js'
import { Receipts } from './receipts.js'

/** When packets of a direction pass the other place, and when that one captured. */
export interface Coverage {
  /** Time at the other place, by its clock, for a time at this one; `null` if the clocks cannot be compared. */
  there: (time: number) => number | null
  start: number
  end: number
}

type Verdict = Pick<Fate, 'kind' | 'reason' | 'certain'>

/**
 * Judges packets that only one of two neighboring places has. An absent packet is lost, or injected, only if nothing
 * shows that it passed: a capture may have missed it, have begun later or ended before.
 */
export class OneSided {
  readonly #way: OneWay
  readonly #atDown: Receipts
  readonly #atUp: Receipts
  /** Timestamps of the packets that did arrive: an echo proves nothing of another one with the same. */
  readonly #arrivedTimestamps = new Set<number>()
  readonly #hopLimit: number | null
  #hasOwnResets: boolean | null = null

  constructor(way: OneWay) {
    const { up, down, direction, partnersOfDown } = way
    this.#way = way
    this.#atDown = new Receipts(down, direction)
    this.#atUp = new Receipts(up, direction)
    this.#hopLimit = hopLimit(down, direction)
    for (let row = 0; row < down.log.size; row++) {
      if (partnersOfDown[row]! >= 0 && down.log.direction(row) === direction) {
        this.#arrivedTimestamps.add(down.log.timestamp(row))
      }
    }
  }

  /** A packet that passed the sender's side and not the receiver's. */
  notArrived(row: number, coverage: Coverage): Verdict {
    const { up, down, toDown } = this.#way
    const { log } = up
    const outside = this.#precedes(up, down, row) ? 'before-start' : outsideOf(coverage, log.time(row))
    if (outside) return { kind: 'only-here', reason: outside, certain: false }
    if (log.isIcmp(row)) return LOST
    if (sequenceLength(log, row) > 0) {
      const end = toDown(endSequence(log, row))
      const acknowledged = this.#atDown.acknowledgedAt(end)
      const passed = this.#atDown.passedAt(end)
      // Acknowledged before any copy passed: it had arrived.
      if (acknowledged !== null && (passed === null || acknowledged < passed)) return NOT_CAPTURED
      // That a copy had to follow proves it; of what was never acknowledged there is the absence only.
      return { ...LOST, certain: passed !== null }
    }
    const hasTimestamp = (log.options(row) & OptionBit.Timestamps) !== 0
    const timestamp = log.timestamp(row)
    const isEchoed = hasTimestamp && this.#atDown.echoed(timestamp) && !this.#arrivedTimestamps.has(timestamp)
    return isEchoed && !this.#sharesTimestamp(row) ? NOT_CAPTURED : LOST
  }

  /** A packet that passed the receiver's side and not the sender's. */
  notSent(row: number, coverage: Coverage): Verdict {
    const { up, down, direction } = this.#way
    const { log } = down
    const isForged = (log.flags(row) & TcpFlag.Rst) !== 0 && this.#isOfOtherSender(row)
    if (isForged && !log.isIcmp(row)) return INJECTED
    const outside = this.#precedes(down, up, row) ? 'before-start' : outsideOf(coverage, log.time(row))
    if (outside) return { kind: 'only-here', reason: outside, certain: false }
    if (log.isIcmp(row)) return INJECTED
    if (this.#continuesSeries(row)) return NOT_CAPTURED
    const flags = log.flags(row)
    if ((flags & TcpFlag.Rst) !== 0 || (direction === Direction.FromResponder && (flags & TcpFlag.Syn) !== 0)) {
      if (this.#isAnsweredFor(row)) return NOT_CAPTURED
      return this.#isOneOfMany(row) ? UNCLEAR : INJECTED
    }
    // The sender's side was told that it arrived, or the sender went on after it: it was sent.
    const end = this.#toUp(endSequence(log, row))
    const isSent = this.#atUp.acknowledgedAt(end) !== null || this.#atUp.wentBeyond(end)
    if (sequenceLength(log, row) > 0) return isSent ? NOT_CAPTURED : INJECTED
    // An acknowledgment like all others of that sender: nothing shows that a device made it.
    return log.hopLimit(row) === this.#hopLimit ? NOT_CAPTURED : INJECTED
  }

  /** Whether a packet is older than all that the other place has of the connection, whose opening it missed. */
  #precedes(here: Observation, there: Observation, row: number): boolean {
    if (there.opened || !here.opened) return false
    const partners = here === this.#way.up ? this.#way.partnersOfUp : this.#way.partnersOfDown
    for (let earlier = row - 1; earlier >= 0; earlier--) if (partners[earlier]! >= 0) return false
    return true
  }

  /** Whether a packet's IP identification is the sender's next, and its hop limit the usual: no device counts along. */
  #continuesSeries(row: number): boolean {
    const { log } = this.#way.down
    const { partnersOfDown, direction } = this.#way
    const id = log.identification(row)
    if (id === 0 || this.#isOfOtherSender(row)) return false
    for (let before = row - 1; before >= 0; before--) {
      const isOther = log.isIcmp(before) || log.direction(before) !== direction || log.identification(before) === 0
      if (isOther || partnersOfDown[before]! < 0) continue
      const step = (id - log.identification(before)) & 0xffff
      return step > 0 && step <= SERIES
    }
    return false
  }

  /** Whether the sender of a SYN,ACK or RST is seen to have sent it: the handshake went on at its side. */
  #isAnsweredFor(row: number): boolean {
    const { log } = this.#way.down
    if ((log.flags(row) & TcpFlag.Rst) !== 0) return false
    const end = this.#toUp(endSequence(log, row))
    return this.#atUp.acknowledgedAt(end) !== null && log.hopLimit(row) === this.#hopLimit
  }

  /** Whether the sender demonstrably sent other RSTs, of which the capture may have missed one. */
  #isOneOfMany(row: number): boolean {
    const { down, partnersOfDown, direction } = this.#way
    const { log } = down
    if ((log.flags(row) & TcpFlag.Rst) === 0 || this.#isOfOtherSender(row)) return false
    this.#hasOwnResets ??= partnersOfDown.some(
      (partner, at) => partner >= 0 && log.direction(at) === direction && (log.flags(at) & TcpFlag.Rst) !== 0,
    )
    return this.#hasOwnResets
  }

  /** Its hop limit is not that of the sender's other packets. */
  #isOfOtherSender(row: number): boolean {
    return this.#hopLimit !== null && this.#way.down.log.hopLimit(row) !== this.#hopLimit
  }

  #toUp(sequence: number): number {
    return this.#way.toUp(sequence)
  }

  /** Whether another packet that did not arrive has the same timestamp: the echo may be of either. */
  #sharesTimestamp(row: number): boolean {
    const { log } = this.#way.up
    const timestamp = log.timestamp(row)
    for (const other of [row - 1, row + 1]) {
      if (other < 0 || other >= log.size || log.direction(other) !== log.direction(row)) continue
      if (log.timestamp(other) === timestamp) return true
    }
    return false
  }
}

/** Identifications that a sender may have used for packets that neither place has. */
const SERIES = 8

const NOT_CAPTURED: Verdict = { kind: 'only-here', reason: 'not-captured', certain: true }
const UNCLEAR: Verdict = { kind: 'only-here', reason: 'unclear', certain: false }
const LOST: Verdict = { kind: 'lost', reason: null, certain: false }
const INJECTED: Verdict = { kind: 'injected', reason: null, certain: true }

function outsideOf({ there, start, end }: Coverage, time: number): MissingReason | null {
  const expected = there(time)
  if (expected === null) return null
  return expected < start ? 'before-start' : expected > end ? 'after-end' : null
}
