import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TlsTail } from '../../src/tcp/tls-tail.js'
import { Packet } from '../../src/wire/packet.js'
import { cases, check } from '../property/check.js'

const record = (type: number, length: number) => [
  type,
  3,
  3,
  length >> 8,
  length & 255,
  ...Array<number>(length).fill(7),
]

const alerts = fc.oneof(
  fc.integer({ min: 2, max: 64 }).map((length) => record(21, length)),
  fc.constant(record(23, 19)),
)
const others = fc.integer({ min: 70, max: 300 }).map((length) => record(23, length))

function tailOf(stream: Uint8Array, sizes: readonly number[], swaps: boolean): TlsTail {
  const ranges: [number, number][] = []
  for (let at = 0, i = 0; at < stream.length; i++) {
    const end = Math.min(stream.length, at + sizes[i % sizes.length]!)
    ranges.push([at, end])
    at = end
  }
  if (swaps && ranges.length > 1) ranges.push(ranges.splice(-2, 1)[0]!)
  const tail = new TlsTail()
  const packet = new Packet()
  for (const [start, end] of ranges) {
    Object.assign(packet, { bytes: stream, payloadStart: start, payloadEnd: end, payloadLength: end - start })
    tail.add(packet, start)
  }
  return tail
}

describe('The end of a direction under TLS', () => {
  it('is an alert or not, whatever segments it came in, the last two in either order', () => {
    check(
      fc.property(
        others,
        fc.oneof(alerts, others),
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (before, last, sizes, swaps) => {
          const stream = Uint8Array.from([...before, ...last])
          const isAlert = last[0] === 21 || last.length === 24
          expect(tailOf(stream, sizes, swaps && sizes.every((size) => size >= 69)).isAlertBefore(stream.length)).toBe(
            isAlert,
          )
          expect(tailOf(stream, sizes, false).isAlertBefore(stream.length + 1)).toBe(false)
        },
      ),
      cases(100, 2000),
    )
  })
})
