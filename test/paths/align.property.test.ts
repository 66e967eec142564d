import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SequenceMap } from '../../src/paths/align/sequence-map.js'
import { hashBytes, joinHashes } from '../../src/paths/digest/payload-hash.js'
import { fileNames } from '../../src/capture/frame-finder.js'
import { cases, check } from '../property/check.js'

describe('hashBytes', () => {
  it('gives the hash of the whole from those of its pieces, wherever it is cut', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.nat(4000), (bytes, cut) => {
        const at = Math.min(cut, bytes.length)
        const [first, second] = [hashBytes(bytes, 0, at), hashBytes(bytes, at, bytes.length)]
        expect(joinHashes(first, second, bytes.length - at)).toBe(hashBytes(bytes, 0, bytes.length))
      }),
      cases(50, 1000),
    )
  })

  it('differs for bytes that differ in one place, or in their number', () => {
    const bytes = Uint8Array.from({ length: 1448 }, (_, at) => at & 255)
    const hash = hashBytes(bytes, 0, bytes.length)
    for (let at = 0; at < bytes.length; at++) {
      const other = bytes.slice()
      other[at]! ^= 1
      expect(hashBytes(other, 0, other.length)).not.toBe(hash)
    }
    expect(hashBytes(new Uint8Array(3), 0, 3)).not.toBe(hashBytes(new Uint8Array(4), 0, 4))
  })
})

describe('SequenceMap', () => {
  it('shifts numbers from a step on, across the wrap, and back', () => {
    const map = new SequenceMap(0xfffffff0, 1000)
    map.step(0x10, 3)
    map.step(0x40, -5)
    expect([0xfffffff0, 0x0f, 0x10, 0x3f, 0x40].map((sequence) => map.there(sequence))).toEqual([
      984,
      0x0f + 1000,
      0x10 + 1003,
      0x3f + 1003,
      0x40 + 998,
    ])
    // Just before the second step are numbers that the other place has after it.
    for (const sequence of [0xfffffff0, 0x0f, 0x10, 0x30, 0x50]) expect(map.here(map.there(sequence))).toBe(sequence)
    expect(map.firstShift).toBe(1000)
  })

  it('keeps its steps in order, whichever is found first', () => {
    const [one, other] = [new SequenceMap(0, 0), new SequenceMap(0, 0)]
    one.step(100, 2)
    one.step(200, 3)
    other.step(200, 3)
    other.step(100, 2)
    for (const sequence of [50, 150, 250]) expect(one.there(sequence)).toBe(other.there(sequence))
  })
})

describe('fileNames', () => {
  it('end, whatever the paths, and are those of their paths', () => {
    const part = fc.constantFrom('a', 'b', '', '/', '\\', 'x.pcap')
    const paths = fc.array(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/')),
      { maxLength: 8 },
    )
    check(
      fc.property(paths, (all) => {
        const names = fileNames(all)
        expect([...names.keys()]).toEqual([...new Set(all)])
        for (const [path, name] of names) expect(path.replaceAll('\\', '/').endsWith(name)).toBe(true)
      }),
      cases(200, 5000),
    )
  })

  it('are as short as they can be told apart', () => {
    const names = fileNames(['/a/client/x.pcap', '/a/server/x.pcap', 'y.pcap', '/b/z.pcap'])
    expect([...names.values()]).toEqual(['client/x.pcap', 'server/x.pcap', 'y.pcap', 'z.pcap'])
  })
})
