import type { SegmentLog } from '../../paths/digest/segment-log.js'
import { SequenceSpace } from '../../tcp/sequence.js'
import { TcpFlag } from '../../wire/packet.js'

export interface OrderedRow {
  row: number
  /** Bytes of its direction that precede it and that no packet has. */
  missing: number
  /** Bytes at its beginning that packets before it had. */
  seen: number
}

/**
 * The packets with payload, each direction in the order of its bytes: one that came early waits for those before it, at
 * most until the end, and one whose bytes were all there already is left out.
 */
export function* rowsInOrder(log: SegmentLog): Iterable<OrderedRow> {
  const flows: [Flow, Flow] = [new Flow(), new Flow()]
  for (let row = 0; row < log.size; row++) {
    if (log.isIcmp(row)) continue
    const flow = flows[log.direction(row)]
    const offset = flow.offset(log, row)
    if (log.length(row) === 0) continue
    flow.add({ row, offset, end: offset + log.length(row) })
    yield* flow.ready()
  }
  for (const flow of flows) yield* flow.rest()
}

/** Packets that repeat one as a whole, up to the same byte, with the row of that one. */
export function* copiesOf(log: SegmentLog): Iterable<[copy: number, row: number]> {
  const firsts = [new Map<number, number>(), new Map<number, number>()] as const
  for (let row = 0; row < log.size; row++) {
    if (log.isIcmp(row) || log.length(row) === 0) continue
    const first = firsts[log.direction(row)]
    const end = (log.sequence(row) + log.length(row)) >>> 0
    const original = first.get(end)
    if (original === undefined) first.set(end, row)
    else if (log.length(row) >= log.length(original)) yield [row, original]
  }
}

/** A packet, with the offsets of its payload. */
interface Waiting {
  row: number
  offset: number
  end: number
}

/** One direction. */
class Flow {
  readonly #space = new SequenceSpace()
  #next = 0
  readonly #waiting: Waiting[] = []

  /** Offset of a packet's first byte. */
  offset(log: SegmentLog, row: number): number {
    const isSyn = (log.flags(row) & TcpFlag.Syn) !== 0
    if (!this.#space.known) this.#space.anchor(log.sequence(row), isSyn ? -1 : 0)
    return this.#space.offset(log.sequence(row)) + (isSyn ? 1 : 0)
  }

  add(packet: Waiting): void {
    const last = this.#waiting.at(-1)
    this.#waiting.push(packet)
    if (last && last.offset > packet.offset) this.#waiting.sort((a, b) => a.offset - b.offset || a.row - b.row)
  }

  *ready(): Iterable<OrderedRow> {
    while (this.#waiting.length > 0 && this.#waiting[0]!.offset <= this.#next) yield* this.#take()
  }

  *rest(): Iterable<OrderedRow> {
    while (this.#waiting.length > 0) yield* this.#take()
  }

  *#take(): Iterable<OrderedRow> {
    const { row, offset, end } = this.#waiting.shift()!
    const next = this.#next
    if (end <= next) return
    this.#next = end
    yield { row, missing: Math.max(0, offset - next), seen: Math.max(0, next - offset) }
  }
}
