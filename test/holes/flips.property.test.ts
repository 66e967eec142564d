/**
 * What a capture lacks makes a verdict less sure, and never its opposite: cut at any length, it does not say that a
 * failed session worked, or that one that worked has failed; with packets missing, begun late or ended early, not with
 * high confidence.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cases } from '../property/check.js'
import { sampleCaptures } from '../support/captures.js'
import { type Flip, flips, type Hole, judge, mutants, readWhole } from './mutants.js'

/** One sample of so many is taken, and so many places of each. */
const EVERY = cases(48, 1)
const PLACES = cases(5, 60)
const LARGEST = 200_000

const samples = sampleCaptures()
  .filter((path) => path.endsWith('.pcap'))
  .filter((_, index) => index % EVERY === 0)
  .flatMap((path) => {
    const bytes = new Uint8Array(readFileSync(path))
    const capture = bytes.length <= LARGEST ? readWhole(bytes) : null
    return capture && capture.packets.length > 0 ? [{ name: basename(path), capture, whole: judge(capture) }] : []
  })

const isSure = ({ confidence, to }: Flip): boolean => confidence === 'high' && !NOT_YET_OPEN.test(to)

function* flipsOf(hole: Hole): Generator<Flip & { sample: string }> {
  for (const { name, capture, whole } of samples) {
    for (const mutant of mutants(capture, hole, PLACES))
      for (const flip of flips(whole, mutant)) yield { sample: name, ...flip }
  }
}

/**
 * Known: only a text that the snap length has cut off says how long the file was (`150 … (9000 bytes)`), and the
 * server confirmed the transfer all the same.
 */
const ONLY_SIZE_CUT = 'transfer-incomplete'

/** Known: an ICMP error proved that the control connection could not be opened, and yet a later SYN got through. */
const NOT_YET_OPEN = /^failed control-unreachable$/

describe('A verdict is not turned into its opposite', () => {
  it('by a snap length', () => {
    expect(samples.length).toBeGreaterThan(300 / EVERY)
    expect([...flipsOf('snap')].filter(({ sample }) => !sample.startsWith(ONLY_SIZE_CUT))).toEqual([])
  })

  it.each(['drop', 'loss', 'begin', 'end', 'one-way'] as const)('with high confidence by the hole: %s', (hole) => {
    expect([...flipsOf(hole)].filter(isSure)).toEqual([])
  })
})
