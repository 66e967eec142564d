import { describe, expect, it } from 'vitest'
import { clip, clipMiddle, displayWidth } from '../../src/report/text/display-width.js'
import { partialEndpoint } from '../../src/report/text/partial-endpoint.js'
import { millisecondsBetween } from '../../src/report/text/time.js'
import { bytes, count, duration, plural } from '../../src/report/text/units.js'
import { wrap } from '../../src/report/text/wrap.js'
import fc from 'fast-check'
import stringWidth from 'string-width'

describe('displayWidth', () => {
  it("equals the package's result, for the characters that the report draws as for any text", () => {
    const drawn = fc.string({ unit: fc.constantFrom(...Array.from('aZ ~§–…→✓✗►◄⋮─═│░█')) })
    fc.assert(
      fc.property(fc.oneof(drawn, fc.string({ unit: 'grapheme' })), (text) => {
        expect(displayWidth(text)).toBe(stringWidth(text))
      }),
    )
  })
})

describe('units', () => {
  it.each([
    [0, '0 ms'],
    [0.25, '0.3 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [12_400, '12.4 s'],
    [59_990, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [3_599_700, '1 h 0 min'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
    [-500, '-500 ms'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })

  it.each([
    [1, '1 byte'],
    [999, '999 bytes'],
    [1500, '1.5 kB'],
    [999_960, '1 MB'],
    [5_000_000_000, '5 GB'],
  ])('writes %d bytes as %s', (value, text) => {
    expect(bytes(value)).toBe(text)
  })

  it('separates thousands and counts nouns', () => {
    expect(count(1284)).toBe('1,284')
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(count(value)).toBe(value.toLocaleString('en-US'))
      }),
    )
    expect([plural(1, 'frame'), plural(2, 'frame')]).toEqual(['1 frame', '2 frames'])
  })

  it('puts brackets around IPv6 addresses, and writes the known part of an endpoint', () => {
    expect(partialEndpoint({ address: '2001:db8::1', port: 21 })).toBe('[2001:db8::1]:21')
    expect(partialEndpoint({ address: '192.0.2.1', port: 21 })).toBe('192.0.2.1:21')
    expect(partialEndpoint({ address: '2001:db8::1', port: null })).toBe('2001:db8::1')
    expect(partialEndpoint({ address: null, port: 20 })).toBe('port 20')
    expect(partialEndpoint({ address: null, port: null })).toBe('?')
  })

  it('computes the difference of times to the nanosecond, with any number of digits', () => {
    expect(millisecondsBetween('2026-03-01T10:00:00.999999999Z', '2026-03-01T10:00:01Z')).toBeCloseTo(0.000001, 9)
    expect(millisecondsBetween('2026-03-01T10:00:00Z', '2026-03-01T10:00:02.5Z')).toBe(2500)
  })
})

describe('wrap', () => {
  it('keeps every word and every line within the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '文', '😀') })),
        fc.integer({ min: 2, max: 30 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width)
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
          expect(lines.join('').replaceAll(' ', '')).toBe(words.join('').replaceAll(' ', ''))
        },
      ),
    )
  })

  it('ends with a wide character in one column', () => {
    expect(wrap('文文', 1)).toEqual(['文', '文'])
  })
})

describe('clip', () => {
  it('truncates the end, or the middle, to the width', () => {
    expect(clip('abcdefgh', 5)).toBe('abcd…')
    expect(clipMiddle('10.1.0.200:52228', 10)).toBe('10.1.…2228')
    expect(clip('文字文字', 5)).toBe('文字…')
    expect(clip('short', 5)).toBe('short')
  })
})
