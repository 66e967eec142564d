/** A direction of a connection that loses packets: a sender that retransmits, a receiver that asks (RFC 5681, 2018). */
import type { Conversation } from './conversation.js'
import type { Scene } from './scene.js'
import { Flag } from './scene-packet.js'

/** Where a segment is lost: between its sender and the observation point, after that point, or by the capture only. */
export type Fate = 'before' | 'after' | 'capture' | null

export interface LossyOptions {
  /** Payload of each segment. */
  payloads: readonly Uint8Array[]
  /** What becomes of a segment, the first time (0) and when it is sent again. */
  fate: (segment: number, attempt: number) => Fate
  /** The receiver names what it has beyond its acknowledgment. */
  sack: boolean
  /** How long the sender keeps trying (ms). */
  patience?: number
}

/** What became of each segment. */
export interface Outcome {
  received: boolean[]
  captured: boolean[]
  /** Copies that were lost on the path, before or after the observation point. */
  lost: number[]
}

const WINDOW = 16
const DUPLICATES = 3
const LEAST_TIMEOUT = 250e6
const MILLISECOND = 1e6
/** Of a segment on the link. */
const SEGMENT_TIME = 20_000

interface Event {
  time: number
  run(): void
}

/** Sends from the server to the client, and moves both clocks to the end. */
export function sendLossy(scene: Scene, conversation: Conversation, options: LossyOptions): Outcome {
  return new LossyPath(scene, conversation, options).run()
}

class LossyPath {
  readonly #scene: Scene
  readonly #conversation: Conversation
  readonly #options: LossyOptions
  readonly #events: Event[] = []
  readonly #starts: number[] = []
  readonly #attempts: number[]
  readonly #outcome: Outcome
  readonly #end: number
  /** Offsets by segment number: sender. */
  #acknowledged = 0
  #next = 0
  #idleFrom = 0
  #duplicates = 0
  #recovering = -1
  #timer = Infinity
  readonly #timeoutAfter: number
  #backoff: number
  readonly #selective = new Set<number>()
  readonly #repaired = new Set<number>()
  /** Receiver. */
  #expected = 0
  readonly #arrivals: number[] = []

  constructor(scene: Scene, conversation: Conversation, options: LossyOptions) {
    this.#scene = scene
    this.#conversation = conversation
    this.#options = options
    let offset = conversation.end('server').next
    for (const payload of options.payloads) {
      this.#starts.push(offset)
      offset += payload.length
    }
    this.#starts.push(offset)
    this.#timeoutAfter = this.#backoff = LEAST_TIMEOUT + 4 * conversation.oneWay
    const { length } = options.payloads
    this.#attempts = Array.from({ length }, () => 0)
    const none = Array.from({ length }, () => false)
    this.#outcome = { received: none, captured: [...none], lost: Array.from({ length }, () => 0) }
    this.#end = scene.now + (options.patience ?? 20_000) * MILLISECOND
  }

  run(): Outcome {
    this.#fill(this.#scene.now + MILLISECOND)
    for (;;) {
      this.#events.sort((a, b) => a.time - b.time)
      const event = this.#events[0]
      if (this.#timer < (event?.time ?? Infinity)) {
        if (this.#timer > this.#end) break
        this.#timeout(this.#timer)
      } else if (event) {
        this.#events.shift()
        event.run()
      } else break
    }
    const [sender, receiver] = [this.#conversation.end('server'), this.#conversation.end('client')]
    sender.next = this.#starts[this.#next]!
    receiver.received = this.#starts[this.#expected]!
    return this.#outcome
  }

  #fill(time: number): void {
    while (this.#next < this.#options.payloads.length && this.#next - this.#acknowledged < WINDOW)
      this.#send(this.#next++, time)
    if (this.#timer === Infinity) this.#timer = time + this.#backoff
  }

  #send(segment: number, earliest: number): void {
    const time = Math.max(earliest, this.#idleFrom)
    this.#idleFrom = time + SEGMENT_TIME
    const { payloads, fate } = this.#options
    const lost = fate(segment, this.#attempts[segment]!++)
    const end = this.#conversation.end('server')
    const captured = lost === null || lost === 'after'
    const fields = { flags: Flag.Ack | Flag.Psh, sequence: end.sequenceAt(this.#starts[segment]!) }
    this.#conversation.transmit(end, fields, time, captured, { payload: payloads[segment]! })
    if (captured) this.#outcome.captured[segment] = true
    if (lost === 'before' || lost === 'after') this.#outcome.lost[segment]!++
    else
      this.#at(time + this.#conversation.oneWay, (arrival) => {
        this.#receive(segment, arrival)
      })
  }

  #receive(segment: number, time: number): void {
    const twice = this.#outcome.received[segment]!
    this.#outcome.received[segment] = true
    if (!twice) this.#arrivals.push(segment)
    while (this.#outcome.received[this.#expected]) this.#expected++
    const blocks = this.#options.sack ? this.#blocks(twice ? segment : -1) : []
    const receiver = this.#conversation.end('client')
    const sender = this.#conversation.end('server')
    const acknowledgment = sender.sequenceAt(this.#starts[this.#expected]!)
    const sack = blocks.map(([from, to]): [number, number] => [
      sender.sequenceAt(this.#starts[from]!),
      sender.sequenceAt(this.#starts[to]!),
    ])
    const options = sack.length > 0 ? { sack } : {}
    this.#conversation.transmit(receiver, { flags: Flag.Ack, acknowledgment, options }, time + 5000)
    const upTo = this.#expected
    this.#at(time + 5000 + this.#conversation.oneWay, (arrival) => {
      this.#acknowledge(upTo, blocks, arrival)
    })
  }

  /** Ranges of segments beyond the next expected one, the latest first; before them what came twice (RFC 2883). */
  #blocks(twice: number): [number, number][] {
    const blocks: [number, number][] = twice >= 0 ? [[twice, twice + 1]] : []
    const { received } = this.#outcome
    for (const latest of this.#arrivals.toReversed()) {
      if (latest < this.#expected || blocks.length === 3) continue
      if (blocks.some(([from, to], index) => (twice < 0 || index > 0) && from <= latest && latest < to)) continue
      let [from, to] = [latest, latest + 1]
      while (received[from - 1]) from--
      while (received[to]) to++
      blocks.push([from, to])
    }
    return blocks
  }

  #acknowledge(upTo: number, blocks: readonly [number, number][], time: number): void {
    for (const [from, to] of blocks) for (let segment = from; segment < to; segment++) this.#selective.add(segment)
    if (upTo > this.#acknowledged) {
      this.#acknowledged = upTo
      this.#duplicates = 0
      this.#backoff = this.#timeoutAfter
      this.#timer = upTo < this.#next ? time + this.#backoff : Infinity
      if (this.#options.sack) this.#repairSelectively(time)
      else if (upTo <= this.#recovering) this.#repair(upTo, time)
      this.#fill(time)
      if (this.#acknowledged === this.#next) this.#timer = Infinity
      return
    }
    if (this.#options.sack) this.#repairSelectively(time)
    else if (upTo === this.#acknowledged && upTo < this.#next && ++this.#duplicates === DUPLICATES) {
      if (this.#recovering < upTo) this.#recovering = this.#next - 1
      this.#repair(upTo, time)
    }
  }

  /** Lost is what the receiver lacks while it has three later segments (RFC 6675 §4). */
  #repairSelectively(time: number): void {
    const latest = [...this.#selective].sort((a, b) => b - a)[DUPLICATES - 1] ?? -1
    for (let segment = this.#acknowledged; segment < latest; segment++)
      if (!this.#selective.has(segment)) this.#repair(segment, time)
  }

  #repair(segment: number, time: number): void {
    if (this.#repaired.has(segment)) return
    this.#repaired.add(segment)
    this.#send(segment, time)
  }

  #timeout(time: number): void {
    this.#repaired.clear()
    this.#duplicates = 0
    this.#backoff *= 2
    this.#timer = time + this.#backoff
    this.#send(this.#acknowledged, time)
    this.#recovering = Math.max(this.#recovering, this.#next - 1)
  }

  #at(time: number, run: (time: number) => void): void {
    this.#events.push({
      time,
      run: () => {
        run(time)
      },
    })
  }
}
