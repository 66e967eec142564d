import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIRST_INTERVAL_NS, INTERVALS, RateMeter } from '../../src/tcp/rate-meter.js'

const MS = 1e6

describe('a rate meter', () => {
  it('counts bytes in intervals of a millisecond, up to the last one that has any', () => {
    const meter = new RateMeter(5 * MS)
    meter.add(5 * MS, 100)
    meter.add(5.9 * MS, 20)
    meter.add(8 * MS, 7)
    expect(meter).toMatchObject({ interval: FIRST_INTERVAL_NS, bytes: [120, 0, 0, 7] })
  })

  it('joins neighbours when time leaves the last interval', () => {
    const meter = new RateMeter(0)
    for (let ms = 0; ms < INTERVALS; ms++) meter.add(ms * MS, 1)
    meter.add(INTERVALS * MS, 1)
    expect(meter.interval).toBe(2 * MS)
    expect(meter.bytes).toEqual([...Array.from({ length: INTERVALS / 2 }, () => 2), 1])
  })

  it('counts bytes of a clock that was set back for the first interval', () => {
    const meter = new RateMeter(10 * MS)
    meter.add(3 * MS, 9)
    expect(meter.bytes).toEqual([9])
  })

  it('loses no byte, and keeps its number of intervals, whatever the times', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1e16, noNaN: true }), fc.nat(1e6)), {
          minLength: 1,
          maxLength: 200,
        }),
        (segments) => {
          const meter = new RateMeter(0)
          for (const [time, bytes] of segments) meter.add(time, bytes)
          const { bytes } = meter
          expect(bytes.length).toBeLessThanOrEqual(INTERVALS)
          expect(bytes.reduce((sum, each) => sum + each, 0)).toBe(segments.reduce((sum, [, each]) => sum + each, 0))
          const last = Math.max(...segments.map(([time]) => time))
          expect(meter.interval * INTERVALS).toBeGreaterThan(last)
        },
      ),
    )
  })
})
