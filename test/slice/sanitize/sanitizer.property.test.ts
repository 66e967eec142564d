/** The verdict of a sanitized copy is that of the original, however the bytes are divided, repeated and wrapped. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases, check } from '../../property/check.js'
import { disorder, randomOf } from '../../property/disorder.js'
import { SCENES } from '../../property/scenes.js'
import { toPcap, toPcapng } from '../../support/pcap-writer.js'
import { duplicateAll, fragment, resegment, tagVlan, type Transform } from '../../support/transforms.js'
import { analyzedBytes } from '../copies.js'
import { judgementOf, sanitized } from './sanitized.js'

const seeds = fc.integer({ min: 1, max: 1_000_000 })
const RUNS = cases(2, 60)

function expectSameJudgement(file: Uint8Array): void {
  const { copy, analysis } = sanitized([file])
  expect(judgementOf(analyzedBytes([copy]))).toEqual(judgementOf(analysis))
}

describe.each(Object.entries(SCENES))('A copy of the %s scene is judged alike', (_, make) => {
  const { packets, start } = make()
  const changed = (...transforms: Transform[]) =>
    toPcap(
      transforms.reduce((all, each) => each(all), packets),
      { start },
    )

  it('as it is, and as pcapng', () => {
    expectSameJudgement(changed())
    expectSameJudgement(toPcapng(packets, { start }))
  })

  it('in segments of any size, in any order, repeated', () => {
    check(
      fc.property(seeds, fc.boolean(), (seed, twice) => {
        const random = randomOf(seed)
        const transforms = [resegment(() => 1 + Math.floor(random() * 40)), disorder(2, random)]
        expectSameJudgement(changed(...transforms, ...(twice ? [duplicateAll()] : [])))
      }),
      RUNS,
    )
  })

  it('in fragments, and with tags', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 8 }), (blocks) => {
        expectSameJudgement(changed(fragment(8 * blocks), tagVlan(7, 9)))
      }),
      RUNS,
    )
  })

  it('whatever chunks its file comes in', () => {
    const file = changed()
    const { copy } = sanitized([file])
    check(
      fc.property(fc.integer({ min: 1, max: 700 }), (size) => {
        const cut = (bytes: Uint8Array) =>
          Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) => bytes.subarray(at * size, (at + 1) * size))
        expect(sanitized([file], { cut }).copy).toEqual(copy)
      }),
      RUNS,
    )
  })
})
