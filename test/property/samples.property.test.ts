import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/index.js'
import { Random } from '../fuzz/random.js'
import { sampleCaptures } from '../support/captures.js'
import { LinkType } from '../support/link-writer.js'
import { toPcap, toPcapng } from '../support/pcap-writer.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { readScene } from '../support/scene-reader.js'
import { duplicateAll, fragment, resegment, tagVlan } from '../support/transforms.js'
import { cases } from './check.js'
import { analyzed, essenceOf, OF_SEGMENTS } from './essence.js'

/** One sample of so many is taken. */
const EVERY = cases(8, 1)
const LARGEST = 40_000

interface Sample {
  name: string
  bytes: Uint8Array
  packets: ScenePacket[]
  start: number
  analysis: Analysis
}

/** What real servers and clients did in the lab. */
const samples: Sample[] = sampleCaptures()
  .filter((path) => path.includes('/lab/') && path.endsWith('.pcap'))
  .filter((_, index) => index % EVERY === 0)
  .flatMap((path) => {
    const bytes = new Uint8Array(readFileSync(path))
    const scene = bytes[0] === 0xd4 && bytes.length <= LARGEST ? readScene(bytes) : null
    if (!scene) return []
    const rewritten = toPcap(scene.packets, { start: scene.start })
    return [{ name: basename(path), bytes, ...scene, analysis: analyzed(rewritten) }]
  })

/** Names of the samples of which a changed copy means something else. */
function differing(
  meaning: (analysis: Analysis) => unknown,
  change: (sample: Sample) => Uint8Array | Uint8Array[],
): string[] {
  return samples
    .filter((sample) => JSON.stringify(meaning(analyzed(change(sample)))) !== JSON.stringify(meaning(sample.analysis)))
    .map(({ name }) => name)
}

/** Everything, frame numbers included: where nothing but the file's form is other. */
const all = ({ sessions, findings, capture }: Analysis) => [sessions, findings, capture.frames, capture.anomalies]

describe('A real capture says the same', () => {
  it('in whatever form its packets are read and written', () => {
    expect(samples.length).toBeGreaterThan(30 / EVERY)
    expect(differing(essenceOf, ({ bytes }) => bytes)).toEqual([])
  })

  it('in chunks of any size', () => {
    const random = new Random(959)
    const cut = ({ packets, start }: Sample) => {
      const bytes = toPcap(packets, { start })
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length;) {
        const length = 1 + random.below(random.pick([3, 100, 5000]))
        chunks.push(bytes.slice(at, at + length))
        at += length
      }
      return chunks
    }
    expect(differing(all, cut)).toEqual([])
  })

  it.each([
    ['big-endian pcap', ({ packets, start }: Sample) => toPcap(packets, { start, bigEndian: true })],
    ['pcapng', ({ packets, start }: Sample) => toPcapng(packets, { start })],
    ['big-endian pcapng', ({ packets, start }: Sample) => toPcapng(packets, { start, bigEndian: true })],
    [
      'Linux cooked capture',
      ({ packets, start }: Sample) => toPcap(packets, { start, linkType: LinkType.LinuxCooked2 }),
    ],
    ['raw IP', ({ packets, start }: Sample) => toPcap(packets, { start, linkType: LinkType.Raw })],
    ['BSD loopback', ({ packets, start }: Sample) => toPcap(packets, { start, linkType: LinkType.Null })],
    ['frames with VLAN tags', ({ packets, start }: Sample) => toPcap(tagVlan(7, 8)(packets), { start })],
  ])('as %s, to the last frame number', (_form, write) => {
    expect(differing(all, write)).toEqual([])
  })

  it('with every packet captured twice', () => {
    expect(differing(essenceOf, ({ packets, start }) => toPcap(duplicateAll(1000)(packets), { start }))).toEqual([])
  })

  it('in segments of any size', () => {
    const random = new Random(959)
    const cut = resegment(() => 1 + random.below(random.pick([4, 40, 400])))
    const meaning = (analysis: Analysis) => essenceOf(analysis, OF_SEGMENTS)
    expect(differing(meaning, ({ packets, start }) => toPcap(cut(packets), { start })).filter(isNotOfSizes)).toEqual([])
  })

  it('in IP fragments', () => {
    const cut = fragment(64, ({ tcp }) => tcp !== null)
    expect(differing(essenceOf, ({ packets, start }) => toPcap(cut(packets), { start })).filter(isNotOfSizes)).toEqual(
      [],
    )
  })
})

/** The fault there is the size of packets: smaller ones would change the meaning. */
function isNotOfSizes(name: string): boolean {
  return !name.startsWith('path-mtu-blackhole')
}
