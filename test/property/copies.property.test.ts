/** Damaged captures: a copy has the frames that the reader finds, and never more. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, it, expect } from 'vitest'
import { pieces, read } from '../capture/read.js'
import { ALL, annotated, copied, sliced } from '../slice/copies.js'
import { SAMPLES } from '../support/captures.js'
import { cases, check } from './check.js'

const pcap = readFileSync(join(SAMPLES, 'lab/passive-private-address.client.pcap'))
const FILES = [pcap, copied(ALL, [pcap]), annotated([pcap]).copy]

const damaged = fc
  .tuple(
    fc.constantFrom(...FILES),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
    fc.nat(),
    fc.integer({ min: 1, max: 5000 }),
  )
  .map(([file, changes, cut, size]) => {
    // The first twelve bytes say that it is a capture.
    const bytes = new Uint8Array(file).subarray(0, file.length - (cut % 200))
    for (const [position, value] of changes) bytes[12 + (position % (bytes.length - 12))] = value
    return { bytes, cut: pieces(size) }
  })

describe('copies of damaged captures', () => {
  it('have the frames that are read of them', () => {
    const property = fc.property(damaged, ({ bytes, cut }) => {
      let before
      try {
        before = read([bytes]).frames
      } catch (error) {
        expect((error as Error).name).toBe('CaptureFormatError')
        return
      }
      const known = before.map(({ data, wireLength }) => [data, wireLength])
      const seen = (copy: Uint8Array) => read([copy]).frames.map(({ data, wireLength }) => [data, wireLength])
      expect(seen(copied(ALL, [bytes], cut))).toEqual(known)
      expect(seen(annotated([bytes], cut).copy)).toEqual(known)
      const slice = sliced([bytes], { cut })
      expect(seen(slice.copy).length).toBe(slice.slicer.frames)
    })
    check(property, cases(50, 2000))
  })
})
