import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/report/format.js'
import { markdownReport } from '../../src/report/markdown/report.js'
import { textReport } from '../../src/report/text/report.js'
import { wrap } from '../../src/report/text/wrap.js'
import { analyzeFile } from '../support/analyze-file.js'
import { ROOT } from '../support/captures.js'
import { analysis, session } from './fixtures.js'

/** Least time of some runs, in milliseconds. */
function timeOf(run: () => void): number {
  let least = Infinity
  for (let i = 0; i < 3; i++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

describe('a long word', () => {
  it.each([
    ['ASCII', 'x'],
    ['Latin', 'é'],
    ['wide', '漢'],
    ['Hangul jamo', '\u1112\u1161\u11ab'],
    ['marks', 'a\u0301\u0302'],
    ['emoji sequences', '👨‍👩‍👧'],
    ['right to left', 'א'],
  ])('of %s takes time in proportion to its length', (_, character) => {
    const run = (length: number) => timeOf(() => wrap(character.repeat(length), 78))
    run(1000)
    // Sixteen times the length: the square would take 256 times as long.
    expect(run(16_000) / run(1000)).toBeLessThan(80)
  })

  it('of a dialogue costs a report no more per character than one of ASCII, within a few times', () => {
    const of = (character: string) => {
      const text = character.repeat(2000)
      const exchanges = Array.from({ length: 100 }, () => ({ ...session().exchanges[0]!, argument: text }))
      const value = analysis([session({ exchanges })])
      const options = { ...DEFAULT_OPTIONS, chosen: new Set([1]) }
      return timeOf(() => {
        for (const format of [textReport, markdownReport]) for (const _ of format(options).end(value)) continue
      })
    }
    of('x')
    expect(of('é') / of('x')).toBeLessThan(5)
  })
})

describe('a hostile capture', () => {
  const CAPTURE = join(ROOT, '..', 'shared', 'hostile', '14-wrap-slow-non-ascii', 'capture.pcap')
  it.skipIf(!existsSync(CAPTURE))('of long words that are not ASCII is reported about as fast as analyzed', () => {
    const value = analyzeFile(CAPTURE)
    const options = { ...DEFAULT_OPTIONS, chosen: new Set([1]) }
    const analyzing = timeOf(() => analyzeFile(CAPTURE))
    const reporting = timeOf(() => {
      for (const format of [textReport, markdownReport]) for (const _ of format(options).end(value)) continue
    })
    // It was more than a hundred times.
    expect(reporting / analyzing).toBeLessThan(20)
  })
})
