import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureAt, isFromClient, type SplitPlace } from '../paths/split.js'
import { cases, check } from '../property/check.js'
import { SCENES } from '../property/scenes.js'
import { analyzeFiles } from './joined.js'

const NAMES = ['passive', 'active', 'failing', 'overIpv6'] as const
const scenes = new Map(NAMES.map((name) => [name, SCENES[name]!().packets]))
const FILES = ['near.pcap', 'between.pcap', 'far.pcap'] as const

/** Of the server in the scenes of active mode, which are seen there. */
function clientOf(name: (typeof NAMES)[number]): string {
  return scenes.get(name)!.find(({ tcp }) => tcp !== null)!.source
}

describe('A session at three places', () => {
  it('names exactly the packet of its control or data connections that was lost, where it was lost', () => {
    let [ofData, fromServer] = [0, 0]
    check(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.nat(100_000),
        fc.boolean(),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
        (name, random, isLate, order) => {
          const packets = scenes.get(name)!
          const client = clientOf(name)
          const segments = packets.flatMap(({ tcp }, index) => (tcp ? [index] : []))
          const dropped = segments[random % segments.length]!
          const isFrom = isFromClient(packets[dropped]!, client)
          // Places in the order in which it passes them: it is lost after the first, or after the second.
          const way = isFrom ? [0, 1, 2] : [2, 1, 0]
          const reached = way.slice(0, isLate ? 2 : 1)
          const places = FILES.map((file, at): SplitPlace => ({
            name: file,
            away: at * 1.5,
            hops: at * 2,
            clock: { seconds: at * 90, ppm: at * 30 },
            change: (packet, index) => (index === dropped && !reached.includes(at) ? [] : [packet]),
          }))
          const captures = places.map((place) => captureAt(packets, client, place))
          const given = order.map((at) => [FILES[at]!, captures[at]!.bytes] as const)
          const { paths, summary } = analyzeFiles(Object.fromEntries(given))
          expect(summary.sessions).toBe(paths!.length)
          const last = reached.at(-1)!
          const [frame] = captures[last]!.frames[dropped]!
          const fates = paths!.flatMap((path) => path.fates)
          expect(fates.map((fate) => `${fate.file} ${fate.localFrame}`)).toEqual([`${FILES[last]!} ${frame!}`])
          expect(['lost', 'only-here']).toContain(fates[0]!.kind)
          const [fate] = fates
          expect(paths![0]!.places[fate!.place]!.file).toBe(FILES[last])
          expect(paths![0]!.places[fate!.next]!.file).toBe(FILES[way[reached.length]!])
          if (fate!.dataChannel !== null) ofData++
          if (!isFrom) fromServer++
        },
      ),
      cases(20, 300),
    )
    expect(ofData).toBeGreaterThan(0)
    expect(fromServer).toBeGreaterThan(0)
  })
})
