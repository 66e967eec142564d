import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketKind } from '../../src/wire/packet.js'
import { cases, check } from '../property/check.js'
import { Decoding, summary } from './decoding.js'
import { encapsulations, others } from './encapsulations.js'

const linkTypes = [...new Set(encapsulations.map((each) => each.linkType)), 7777]
const starts = [...encapsulations, ...others]

function expectSane(decoding: Decoding, kind: PacketKind): void {
  if (kind === PacketKind.Other) return
  const p = decoding.packet
  const length = p.version === 4 ? 4 : 16
  const within = (at: number) => at >= 0 && at + length <= p.bytes.length
  expect([4, 6]).toContain(p.version)
  expect(within(p.sourceAt) && within(p.destinationAt)).toBe(true)
  if (kind === PacketKind.IcmpError) expect(within(p.quotedSourceAt) && within(p.quotedDestinationAt)).toBe(true)
  expect(p.payloadStart).toBeGreaterThanOrEqual(0)
  expect(p.payloadEnd).toBeGreaterThanOrEqual(p.payloadStart)
  expect(p.payloadEnd).toBeLessThanOrEqual(p.bytes.length)
  expect(p.payloadLength).toBeGreaterThanOrEqual(p.payloadEnd - p.payloadStart)
  for (const value of Object.values(p)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
}

describe('Hostile frames', () => {
  it('of random bytes never throw, and offsets stay within the buffer', () => {
    const decoding = new Decoding()
    check(
      fc.property(
        fc.constantFrom(...linkTypes),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(300),
        (linkType, bytes, wireLength) => {
          expectSane(decoding, decoding.decode(bytes, { linkType, wireLength }))
        },
      ),
      cases(300, 3000),
    )
  })

  it('made from valid ones by changing and cutting bytes never throw, and offsets stay within the buffer', () => {
    const change = fc.record({
      at: fc.nat(120),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 4, 6, 17, 41, 43, 44, 47, 51, 255)),
    })
    const decoding = new Decoding()
    const runs = cases(500, 5000)
    let found = 0
    check(
      fc.property(
        fc.constantFrom(...starts),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(200)),
        (start, changes, length) => {
          const bytes = start.frame.slice(0, length ?? start.frame.length)
          for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value
          const kind = decoding.decode(bytes, { linkType: start.linkType, wireLength: start.frame.length })
          if (kind !== PacketKind.Other) found++
          expectSane(decoding, kind)
        },
      ),
      runs,
    )
    expect(found).toBeGreaterThan(runs / 10)
  })

  it('do not affect the frames after them', () => {
    const seasoned = new Decoding()
    for (const { frame, linkType } of starts) {
      const fresh = new Decoding()
      const kind = seasoned.decode(frame, { linkType, time: 1 })
      expect(kind).toBe(fresh.decode(frame, { linkType, time: 1 }))
      if (kind === PacketKind.Tcp) expect(summary(seasoned.packet)).toBe(summary(fresh.packet))
    }
  })
})
