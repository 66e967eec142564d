import type { Direction } from '../../tcp/connection.js'
import type { ByteBudget } from './byte-budget.js'
import type { WireRecord } from './side.js'

/** Of a record without its body, about. */
const OVERHEAD = 200

/** Records that wait for a secret or for the other direction's hello, in the order of the wire. */
export class HeldRecords {
  readonly #budget: ByteBudget
  readonly #maxBytes: number
  #records: WireRecord[] = []
  #bytes = 0
  readonly #counts: [number, number] = [0, 0]

  constructor(budget: ByteBudget, maxBytes: number) {
    this.#budget = budget
    this.#maxBytes = maxBytes
  }

  get isEmpty(): boolean {
    return this.#records.length === 0
  }

  has(direction: Direction): boolean {
    return this.#counts[direction] > 0
  }

  /** Keeps a record, with a copy of its body; false if there is no room for it. */
  add(record: WireRecord): boolean {
    if (this.#joins(record)) return true
    const bytes = sizeOf(record)
    if (this.#bytes + bytes > this.#maxBytes || !this.#budget.take(bytes)) return false
    this.#bytes += bytes
    this.#counts[record.direction]++
    this.#records.push({ ...record, body: record.body && record.body.slice() })
    return true
  }

  /** Records of the same length whose content is not wanted are one, with the place of the last. */
  #joins({ direction, type, length, tail, mayMiss, end, start, place }: WireRecord): boolean {
    if (tail?.length !== 0 || mayMiss > 0) return false
    const before = this.#records.findLast((each) => each.direction === direction)
    if (!before || before.tail?.length !== 0 || before.type !== type || before.length !== length) return false
    if (before.end !== start) return false
    before.count++
    before.end = end
    before.place = place
    return true
  }

  /** Offers each record, those of a direction only up to the first that is not taken. */
  release(take: (record: WireRecord) => boolean): void {
    const waiting = this.#records
    const blocked: [boolean, boolean] = [false, false]
    this.#records = []
    for (const record of waiting) {
      if (!blocked[record.direction] && take(record)) this.#give(record)
      else {
        blocked[record.direction] = true
        this.#records.push(record)
      }
    }
  }

  takeAll(): WireRecord[] {
    const records = this.#records
    this.#records = []
    for (const record of records) this.#give(record)
    return records
  }

  #give(record: WireRecord): void {
    this.#bytes -= sizeOf(record)
    this.#budget.give(sizeOf(record))
    this.#counts[record.direction]--
  }
}

function sizeOf({ body, tail }: WireRecord): number {
  return OVERHEAD + (body?.length ?? 0) + (tail?.length ?? 0)
}
