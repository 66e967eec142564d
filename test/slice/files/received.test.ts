import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineEnds } from '../../../src/slice/files/line-ends.js'
import { type Gap, lengthOf, stretchesOf } from '../../../src/slice/files/received.js'

describe('what was received of a stream', () => {
  it('is found from any offset to any other, with what is missing', () => {
    const piece = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(40), fc.nat(40), (pieces, a, b) => {
        // The numbers of the bytes at hand; `null` for each that is missing.
        const all: (number | null)[] = []
        const gaps: Gap[] = []
        let bytes = 0
        for (const [isGap, length] of pieces) {
          if (isGap) gaps.push({ at: all.length, length })
          for (let each = 0; each < length; each++) all.push(isGap ? null : bytes++)
        }
        const [from, to] = [Math.min(a, b, all.length), Math.min(Math.max(a, b), all.length)]
        const received = { bytes, gaps, leftOut: 0 }
        expect(lengthOf(received)).toBe(all.length)
        const seen = [...stretchesOf(received, from, to)].flatMap(({ from: first, length }) =>
          Array.from({ length }, (_, index) => (first === null ? null : first + index)),
        )
        expect(seen).toEqual(all.slice(from, to))
      }),
    )
  })
})

describe('line ends', () => {
  it('become LF in whatever pieces the text comes', () => {
    const text = fc.array(fc.constantFrom('\r', '\n', 'a'), { maxLength: 30 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, fc.array(fc.nat(30)), (original, cuts) => {
        const lineEnds = new LineEnds()
        const bytes = Buffer.from(original)
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const parts = places.slice(1).map((to, index) => lineEnds.convert(bytes.subarray(places[index], to)).slice())
        const whole = Buffer.concat([...parts, lineEnds.flush()])
        expect(whole.toString()).toBe(original.replaceAll('\r\n', '\n'))
      }),
    )
  })
})
