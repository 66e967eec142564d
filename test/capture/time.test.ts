import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Clock, isoTime } from '../../src/capture/time.js'
import { readTimestamp, timestampDigits } from '../../src/capture/timestamp.js'

describe('isoTime', () => {
  const epoch = { seconds: 1_700_000_000, nanoseconds: 999_999_999 }

  it('prints as many digits as the capture has, truncated', () => {
    expect(isoTime(epoch, 0, 9)).toBe('2023-11-14T22:13:20.999999999Z')
    expect(isoTime(epoch, 0, 6)).toBe('2023-11-14T22:13:20.999999Z')
    expect(isoTime(epoch, 0, 0)).toBe('2023-11-14T22:13:20Z')
  })

  it('carries into the seconds in both directions', () => {
    expect(new Clock(epoch, 9).iso(1)).toBe('2023-11-14T22:13:21.000000000Z')
    expect(new Clock(epoch, 9).iso(-1_000_000_000)).toBe('2023-11-14T22:13:19.999999999Z')
    expect(isoTime({ seconds: 0, nanoseconds: 0 }, -1, 9)).toBe('1969-12-31T23:59:59.999999999Z')
  })

  it('shows times outside the years 0 to 9999 as the nearest one within them', () => {
    expect(isoTime({ seconds: 1.8e19, nanoseconds: 0 }, 0, 3)).toBe('9999-12-31T23:59:59.999Z')
    expect(isoTime(epoch, -1e30, 3)).toBe('0000-01-01T00:00:00.000Z')
    expect(isoTime(epoch, NaN, 0)).toBe('0000-01-01T00:00:00Z')
  })

  it('agrees with Date to the millisecond', () => {
    const milliseconds = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
    fc.assert(
      fc.property(milliseconds, fc.integer({ min: -8e9, max: 8e9 }), (start, later) => {
        const seconds = Math.floor(start / 1000)
        const printed = isoTime({ seconds, nanoseconds: (start - seconds * 1000) * 1e6 }, later * 1e6, 3)
        const clamped = Math.max(-62_167_219_200_000, Math.min(253_402_300_799_999, start + later))
        expect(printed).toBe(new Date(clamped).toISOString())
      }),
    )
  })
})

describe('readTimestamp', () => {
  const words = (value: bigint) => [Number(value >> 32n), Number(value & 0xffff_ffffn)] as const

  it('equals integer arithmetic for every resolution down to 10^-20 and 2^-63', () => {
    const decimal = fc.integer({ min: 0, max: 20 })
    const binary = fc.integer({ min: 0, max: 63 }).map((power) => power | 0x80)
    const value = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
    fc.assert(
      fc.property(fc.oneof(decimal, binary), value, (resolution, units) => {
        const power = BigInt(resolution & 0x7f)
        const perSecond = resolution & 0x80 ? 1n << power : 10n ** power
        expect(readTimestamp(resolution, ...words(units))).toEqual({
          seconds: Number(units / perSecond),
          nanoseconds: Number(((units % perSecond) * 1_000_000_000n) / perSecond),
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('reads finer resolutions as fractions of a second', () => {
    expect(readTimestamp(127, 0xffff_ffff, 0xffff_ffff)).toEqual({ seconds: 0, nanoseconds: 0 })
    expect(readTimestamp(0x80 | 64, 0x8000_0000, 0)).toEqual({ seconds: 0, nanoseconds: 500_000_000 })
  })

  it('gives as many digits as the clock has, at most nine', () => {
    expect([0, 3, 6, 9, 12, 0x80, 0x80 | 10, 0x80 | 32].map(timestampDigits)).toEqual([0, 3, 6, 9, 9, 0, 4, 9])
  })
})
