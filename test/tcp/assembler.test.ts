import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Assembler } from '../../src/tcp/assembler.js'
import { Direction } from '../../src/tcp/connection.js'
import { check } from '../property/check.js'
import { expectBytes } from '../support/expect-bytes.js'

interface Piece {
  offset: number
  bytes: Uint8Array
}

const NO_CAP = 1e9

/** An assembler, and all that came out of it. */
class Bench {
  readonly out: number[] = []
  readonly gaps: [offset: number, length: number][] = []
  readonly conflicts: number[] = []
  readonly #scratch = new Uint8Array(2000)
  #frame = 0
  readonly assembler: Assembler

  constructor(cap = NO_CAP) {
    this.assembler = new Assembler(
      Direction.FromResponder,
      {
        bytes: (direction, chunk) => {
          expect(direction).toBe(Direction.FromResponder)
          expect(chunk.offset).toBe(this.delivered)
          for (let i = chunk.start; i < chunk.end; i++) this.out.push(chunk.bytes[i]!)
        },
        gap: (direction, length) => {
          expect(direction).toBe(Direction.FromResponder)
          expect(length).toBeGreaterThan(0)
          this.gaps.push([this.delivered, length])
        },
      },
      cap,
      (_direction, offset) => this.conflicts.push(offset),
    )
  }

  /** Offset up to which bytes or gaps were handed on. */
  get delivered(): number {
    return this.out.length + this.gaps.reduce((sum, [, length]) => sum + length, 0)
  }

  add({ offset, bytes }: Piece): void {
    // In a buffer that the next segment overwrites, as packets come.
    this.#scratch.fill(0xee)
    this.#scratch.set(bytes, 7)
    const frame = ++this.#frame
    const chunk = { bytes: this.#scratch, start: 7, end: 7 + bytes.length, offset, frame, time: frame, acknowledged: 0 }
    this.assembler.add(chunk)
  }

  text(): string {
    return String.fromCharCode(...this.out)
  }
}

const text = (value: string) => new TextEncoder().encode(value)
const at = (offset: number, value: string): Piece => ({ offset, bytes: text(value) })

/** First byte seen at each offset, and whether a later one differed. */
function byteMap(pieces: readonly Piece[]): { bytes: Map<number, number>; differs: boolean } {
  const bytes = new Map<number, number>()
  let differs = false
  for (const { offset, bytes: values } of pieces) {
    values.forEach((value, i) => {
      const first = bytes.get(offset + i)
      if (first === undefined) bytes.set(offset + i, value)
      else if (first !== value) differs = true
    })
  }
  return { bytes, differs }
}

const piece = (values: number) =>
  fc.record({
    offset: fc.integer({ min: 0, max: 120 }),
    bytes: fc.uint8Array({ min: 0, max: values - 1, minLength: 1, maxLength: 30 }),
  })

describe('Assembler', () => {
  it('agrees with a map of bytes on any segments: the first byte at each offset wins, differences are reported', () => {
    check(
      fc.property(fc.array(piece(2), { maxLength: 40 }), (pieces) => {
        const bench = new Bench()
        for (const each of pieces) bench.add(each)
        const { bytes, differs } = byteMap(pieces)
        let end = 0
        while (bytes.has(end)) end++
        expect(bench.out).toEqual(Array.from({ length: end }, (_, offset) => bytes.get(offset)))
        expect(bench.gaps).toEqual([])
        expect(bench.conflicts.length > 0).toBe(differs)
      }),
      2000,
    )
  })

  it('gives a stream whole, whatever its segmentation, order and repetition', () => {
    const stream = Uint8Array.from({ length: 400 }, (_, i) => (i * 31) & 0xff)
    const cut = fc.tuple(fc.nat(stream.length - 1), fc.integer({ min: 1, max: 60 }))
    check(
      fc.property(fc.array(cut, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (extra, size) => {
        const bench = new Bench()
        const pieces = extra.map(([offset, length]) => ({ offset, bytes: stream.subarray(offset, offset + length) }))
        for (let offset = 0; offset < stream.length; offset += size) {
          pieces.splice((offset * 7) % (pieces.length + 1), 0, {
            offset,
            bytes: stream.subarray(offset, offset + size),
          })
        }
        for (const each of pieces) bench.add(each)
        expectBytes(Uint8Array.from(bench.out), stream)
        expect(bench.conflicts).toEqual([])
      }),
    )
  })

  it('keeps the bytes that waited when those before them come with other words for the same offsets', () => {
    const bench = new Bench()
    bench.add(at(4, 'SECOND'))
    bench.add(at(0, 'one SxxxxD end'))
    expect(bench.text()).toBe('one SECOND end')
    expect(bench.conflicts).toEqual([5])
  })

  it('names what it gives up as gaps and delivers what waits between', () => {
    const bench = new Bench()
    bench.add(at(3, 'def'))
    bench.add(at(8, 'ij'))
    bench.assembler.skipTo(12, 9, 9)
    expect(bench.text()).toBe('defij')
    expect(bench.gaps).toEqual([
      [0, 3],
      [6, 2],
      [10, 2],
    ])
    expect(bench.assembler.next).toBe(12)
    expect(bench.assembler.waitingAt).toBe(-1)
  })

  it('does not go back for bytes that it gave up, nor calls them a conflict', () => {
    const bench = new Bench()
    bench.add(at(0, 'abc'))
    bench.assembler.skipTo(6, 1, 1)
    bench.add(at(3, 'def'))
    bench.add(at(2, 'cdefgh'))
    expect(bench.text()).toBe('abcgh')
    expect(bench.conflicts).toEqual([])
  })

  it('covers every offset once with bytes or gaps, in order, when skips come in between', () => {
    const step = fc.oneof(piece(250), fc.record({ skip: fc.integer({ min: 0, max: 160 }) }))
    check(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = new Bench()
        for (const each of steps) {
          if ('skip' in each) bench.assembler.skipTo(each.skip, 0, 0)
          else bench.add(each)
          expect(bench.assembler.next).toBe(bench.delivered)
          expect(bench.assembler.waitingAt === -1 || bench.assembler.waitingAt > bench.delivered).toBe(true)
        }
      }),
    )
  })

  it('holds back no more than its cap, and then gives up the hole', () => {
    const bench = new Bench(10_000)
    for (let i = 0; i < 100; i++) bench.add({ offset: 1 + i * 1000, bytes: new Uint8Array(1000) })
    expect(bench.gaps).toEqual([[0, 1]])
    expect(bench.out.length).toBe(100_000)
  })

  it('counts the cost of small segments, so that a million of them do not pile up', () => {
    const bench = new Bench(1 << 20)
    for (let offset = 100_000; offset > 2; offset -= 2) bench.add({ offset, bytes: Uint8Array.of(offset) })
    expect(bench.gaps.length).toBeGreaterThan(0)
  })
})
