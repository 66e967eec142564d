import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Coverage, CoverageMap, SequenceSpace } from '../../src/tcp/sequence.js'
import { check } from '../property/check.js'

const SIZE = 256

/** What a bitmap of all bytes says of the same segments. */
class Bitmap {
  readonly #seen = new Uint8Array(SIZE)
  end = 0

  add(start: number, end: number): Coverage {
    const filled = this.#seen.subarray(start, Math.min(end, this.end)).includes(0)
    this.#seen.fill(1, start, end)
    if (end > this.end) {
      this.end = end
      return Coverage.New
    }
    return filled ? Coverage.Filling : Coverage.Repeated
  }

  missingBelow(limit: number): number {
    return this.#seen.subarray(0, Math.min(limit, this.end)).filter((byte) => byte === 0).length
  }
}

const segment = fc
  .tuple(fc.nat(SIZE - 2), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]) => ({ start, end: Math.min(SIZE, start + length) }))

describe('CoverageMap', () => {
  it('knows of every segment what a bitmap knows', () => {
    check(
      fc.property(fc.array(segment, { maxLength: 40 }), fc.nat(SIZE), (segments, limit) => {
        const map = new CoverageMap()
        const bitmap = new Bitmap()
        const told = segments.map(({ start, end }) => [
          map.add(start, end),
          map.end,
          map.missing,
          map.missingBelow(limit),
        ])
        const expected = segments.map(({ start, end }) => [
          bitmap.add(start, end),
          bitmap.end,
          bitmap.missingBelow(SIZE),
          bitmap.missingBelow(limit),
        ])
        expect(told).toEqual(expected)
      }),
      2000,
    )
  })

  it('counts holes beyond its cap for good', () => {
    const map = new CoverageMap()
    for (let i = 0; i < 3000; i++) map.add(i * 10 + 5, i * 10 + 10)
    expect(map.missing).toBe(15_000)
    map.add(0, 30_000)
    expect(map.end).toBe(30_000)
    expect(map.missing).toBe((3000 - 1024) * 5)
  })

  it('stays bounded when one hole is cut into more pieces than it keeps', () => {
    const map = new CoverageMap()
    map.add(1_000_000, 1_000_001)
    for (let at = 1; at < 40_000; at += 2) map.add(at, at + 1)
    expect(map.missing).toBe(980_000)
    const filled = map.missing
    map.add(0, 1_000_000)
    // What it no longer keeps as holes stays missing, never less than nothing and never more than before.
    expect(map.missing).toBeGreaterThanOrEqual(0)
    expect(map.missing).toBeLessThan(filled)
  })
})

describe('SequenceSpace', () => {
  it('gives exact offsets over any number of wraps, out of order within 2^31', () => {
    const step = fc.integer({ min: 1, max: 2 ** 31 - 1 })
    const back = fc.integer({ min: 0, max: 2 ** 30 })
    const initial = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    check(
      fc.property(initial, fc.array(fc.tuple(step, back), { maxLength: 50 }), (start, steps) => {
        const space = new SequenceSpace()
        space.anchor(start, 0)
        const sequenceAt = (offset: number) => (start + offset) % 2 ** 32
        let highest = 0
        for (const [forward, backward] of steps) {
          highest += forward
          expect(space.peek(sequenceAt(highest))).toBe(highest)
          expect(space.offset(sequenceAt(highest))).toBe(highest)
          const earlier = Math.max(0, highest - backward)
          expect(space.offset(sequenceAt(earlier))).toBe(earlier)
        }
      }),
    )
  })

  it('counts a stream of 20 GiB without losing a byte', () => {
    const space = new SequenceSpace()
    space.anchor(0xfffffff0, 0)
    const segment = 65_483
    let offset = 0
    for (; offset < 20 * 2 ** 30; offset += segment) space.offset((0xfffffff0 + offset) % 2 ** 32)
    expect(space.peek((0xfffffff0 + offset) % 2 ** 32)).toBe(offset)
    expect(offset).toBeGreaterThan(2 ** 34)
  })

  it('keeps its reference when a number is only peeked at', () => {
    const space = new SequenceSpace()
    space.anchor(1000, 0)
    expect(space.peek(1000 + 2 ** 31 - 1)).toBe(2 ** 31 - 1)
    expect(space.offset(1010)).toBe(10)
  })
})
