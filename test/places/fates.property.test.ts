import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureAt, type SplitPlace } from '../paths/split.js'
import { cases, check } from '../property/check.js'
import { SCENES } from '../property/scenes.js'
import { analyzeFiles } from './joined.js'

const NAMES = ['passive', 'failing', 'overIpv6'] as const
const packetsOf = new Map(NAMES.map((name) => [name, SCENES[name]!().packets]))

describe('The fates of a joined session', () => {
  it('name exactly the packet that one place has not', () => {
    check(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.nat(10_000),
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (name, index, isFar, isReversed, away) => {
          const packets = packetsOf.get(name)!
          const client = packets[0]!.source
          const dropped = index % packets.length
          const places: SplitPlace[] = [
            { name: 'near.pcap', away: 0, hops: 0 },
            { name: 'far.pcap', away, hops: 3, clock: { seconds: 100, ppm: 40 } },
          ]
          const lacking = places[isFar ? 1 : 0]!
          lacking.change = (packet, at) => (at === dropped ? [] : [packet])
          const captures = places.map((place) => ({ name: place.name, ...captureAt(packets, client, place) }))
          if (isReversed) captures.reverse()
          const analysis = analyzeFiles(Object.fromEntries(captures.map(({ name, bytes }) => [name, bytes])))
          const having = captures.find((capture) => capture.name !== lacking.name)!
          const [frame] = having.frames[dropped]!
          const fates = analysis.paths!.flatMap((path) => path.fates)
          expect(fates.map((fate) => [fate.file, fate.localFrame])).toEqual([[having.name, frame]])
          expect(analysis.summary.sessions).toBe(analysis.paths!.length)
          const before = analysis.capture.files[0]!.path === having.name ? 0 : analysis.capture.files[0]!.frames
          expect(fates[0]!.frame).toBe(frame! + before)
        },
      ),
      cases(15, 200),
    )
  })
})
