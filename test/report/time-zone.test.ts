import { describe, expect, it } from 'vitest'
import { timeZone } from '../../src/report/time-zone.js'

describe('a time zone', () => {
  it.each([
    ['UTC', '2026-03-01T10:00:00.123456Z', '2026-03-01T10:00:00.123456Z'],
    ['+02:00', '2026-03-01T23:30:00.1Z', '2026-03-02T01:30:00.1+02:00'],
    ['-0930', '2026-03-01T01:00:00Z', '2026-02-28T15:30:00-09:30'],
    ['Europe/Berlin', '2026-03-01T10:00:00.123456789Z', '2026-03-01T11:00:00.123456789+01:00'],
    ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59+01:00'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
    ['Europe/London', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00+05:45'],
  ])('%s shows %s as %s', (name, iso, shown) => {
    expect(timeZone(name).show(iso)).toBe(shown)
  })

  it.each([
    ['UTC', '2026-03-01', '2026-03-01T00:00:00Z'],
    ['UTC', '2026-03-01 02:13', '2026-03-01T02:13:00Z'],
    ['Europe/Berlin', '2026-03-01T02:13:04.5', '2026-03-01T01:13:04.5Z'],
    ['Europe/Berlin', '2026-03-01T02:13:04Z', '2026-03-01T02:13:04Z'],
    ['Europe/Berlin', '2026-07-01T02:13:04-05:00', '2026-07-01T07:13:04Z'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['+05:45', '2026-01-01', '2025-12-31T18:15:00Z'],
  ])('%s reads %s as %s', (name, text, iso) => {
    expect(timeZone(name).read(text)).toBe(Date.parse(iso))
  })

  it.each(['', 'yesterday', '2026-13-01', '2026-03-01T25:00', '02:13'])('does not read "%s"', (text) => {
    expect(timeZone('Europe/Berlin').read(text)).toBeNull()
  })

  it('has to exist', () => {
    expect(() => timeZone('Europe/Atlantis')).toThrow(RangeError)
    expect(() => timeZone('+25:00')).toThrow(RangeError)
  })
})
