import type { Direction } from '../../tcp/connection.js'
import { opposite } from '../../tcp/connection.js'
import { TcpFlag } from '../../wire/packet.js'
import type { Observation } from '../digest/observation.js'
import { distance, endSequence, sequenceLength } from '../digest/rows.js'

/** What one place shows of how far a direction was received: what its receiver acknowledged, and when. */
export class Receipts {
  /** Ascending: times at which the highest acknowledgment rose, and what it then was, as distance from `#origin`. */
  readonly #times: number[] = []
  readonly #acknowledged: number[] = []
  /** By the sequence number after a segment: when it first passed. */
  readonly #passed = new Map<number, number>()
  /** Rows of the direction with payload, SYN or FIN, by time. */
  readonly #carrying: number[] = []
  readonly #log: Observation['log']
  /** Timestamps that the receiver echoed. */
  readonly #echoes = new Set<number>()
  /** Highest sequence number that the sender reached, as distance. */
  #sent = -Infinity
  readonly #origin: number

  constructor({ log }: Observation, direction: Direction) {
    this.#log = log
    const receiver = opposite(direction)
    let origin: number | null = null
    let highest = -Infinity
    for (let row = 0; row < log.size; row++) {
      if (log.isIcmp(row)) continue
      if (log.direction(row) === receiver) {
        if ((log.flags(row) & TcpFlag.Ack) === 0) continue
        const acknowledgment = log.acknowledgment(row)
        origin ??= acknowledgment
        this.#echoes.add(log.echo(row))
        // Whoever forges a RST invents its acknowledgment.
        if ((log.flags(row) & TcpFlag.Rst) !== 0) continue
        const at = distance(origin, acknowledgment)
        if (at <= highest) continue
        highest = at
        this.#times.push(log.time(row))
        this.#acknowledged.push(at)
      } else if (sequenceLength(log, row) > 0) {
        const end = endSequence(log, row)
        origin ??= end
        this.#sent = Math.max(this.#sent, distance(origin, end))
        this.#carrying.push(row)
        if (!this.#passed.has(end)) this.#passed.set(end, log.time(row))
      }
    }
    this.#origin = origin ?? 0
  }

  /** When everything before `sequence` was acknowledged; `null` if it never was. */
  acknowledgedAt(sequence: number): number | null {
    const wanted = distance(this.#origin, sequence)
    let low = 0
    let high = this.#acknowledged.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#acknowledged[middle]! >= wanted) high = middle
      else low = middle + 1
    }
    return this.#times[low] ?? null
  }

  /** When what is before `sequence` first passed this place, in whatever segment; `null` if it never did. */
  passedAt(sequence: number): number | null {
    const exact = this.#passed.get(sequence)
    const log = this.#log
    for (const row of this.#carrying) {
      const end = endSequence(log, row)
      if (exact !== undefined && exact <= log.time(row)) return exact
      if (distance(sequence, end) >= 0 && distance(log.sequence(row), sequence) > 0) return log.time(row)
    }
    return exact ?? null
  }

  /** Whether the sender went on beyond `sequence`. */
  wentBeyond(sequence: number): boolean {
    return this.#sent > distance(this.#origin, sequence)
  }

  /** Whether the receiver echoed a timestamp, which it takes from packets that arrive. */
  echoed(timestamp: number): boolean {
    return timestamp !== 0 && this.#echoes.has(timestamp)
  }
}
