import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LinkType } from '../support/link-writer.js'
import { toPcap, toPcapng } from '../support/pcap-writer.js'
import { duplicateAll, fragment, resegment, tagVlan, type Transform } from '../support/transforms.js'
import { cases, check } from './check.js'
import { disorder, randomOf } from './disorder.js'
import { analyzed, captureEssence, essenceOf, inAnyOrder, OF_SEGMENTS } from './essence.js'
import { noise, SCENES } from './scenes.js'

const seeds = fc.integer({ min: 1, max: 1_000_000 })

describe.each(Object.entries(SCENES))('The %s scene means the same', (name, make) => {
  const scene = make()
  const { start } = scene
  const packets = scene.packets
  const capture = scene.toPcap()
  const original = analyzed(capture)
  const meaning = essenceOf(original)
  const meaningOfBytes = essenceOf(original, OF_SEGMENTS)
  const afterwards = (...transforms: Transform[]) =>
    analyzed(
      toPcap(
        transforms.reduce((all, each) => each(all), packets),
        { start },
      ),
    )
  const after = (...transforms: Transform[]) => essenceOf(afterwards(...transforms))
  const bytesAfter = (...transforms: Transform[]) => essenceOf(afterwards(...transforms), OF_SEGMENTS)
  // On an unknown port nothing is read before the greeting identifies it.
  const settled = name === 'foundByContent' ? packets.findLastIndex(({ payload }) => startsWith(payload, '230')) : -1
  const from = packets[settled + 1]!.time
  const disorderly = (milliseconds: number, random: () => number): Transform => {
    const change = disorder(milliseconds, random)
    return (all) => [...all.filter(({ time }) => time < from), ...change(all.filter(({ time }) => time >= from))]
  }

  it('and it is more than a greeting', () => {
    expect(meaning).not.toEqual([])
    expect(JSON.stringify(meaning).length).toBeGreaterThan(500)
  })

  it('in chunks of any size', () => {
    const cuts = fc.array(fc.nat(capture.length), { maxLength: 30 })
    check(
      fc.property(cuts, (unsorted) => {
        const ends = [...unsorted.toSorted((a, b) => a - b), capture.length]
        const chunks = ends.map((end, i) => capture.slice(ends[i - 1] ?? 0, end))
        expect(essenceOf(analyzed(chunks))).toEqual(meaning)
      }),
      cases(5, 20),
    )
  })

  it('in chunks of one byte', () => {
    const chunk = new Uint8Array(1)
    const bytewise = function* () {
      for (const byte of capture) {
        // The same buffer each time: a reader that keeps it reads the wrong bytes.
        chunk[0] = byte
        yield chunk
      }
    }
    expect(essenceOf(analyzed(bytewise()))).toEqual(meaning)
  })

  const foreign = packets.some(({ source }) => source.includes(':')) ? 'Ipv4' : 'Ipv6'
  it.each(Object.entries(LinkType).filter(([type]) => type !== foreign))('on link type %s', (_type, linkType) => {
    expect(essenceOf(analyzed(scene.toPcap({ linkType })))).toEqual(meaning)
  })

  it('in either file format and byte order, with either clock, on any link type', () => {
    const linkTypes = Object.entries(LinkType).flatMap(([type, value]) => (type === foreign ? [] : [value]))
    const form = fc.record({
      write: fc.constantFrom(toPcap, toPcapng),
      bigEndian: fc.boolean(),
      nanosecond: fc.boolean(),
      linkType: fc.constantFrom(...linkTypes),
    })
    check(
      fc.property(form, ({ write, ...options }) => {
        const written = analyzed(write(packets, { start, ...options }))
        expect(essenceOf(written)).toEqual(meaning)
        expect(captureEssence(written)).toEqual(captureEssence(original))
        expect(written.capture.frames).toBe(packets.length)
      }),
      cases(4, 16),
    )
  })

  it('in VLANs, one or two', () => {
    expect(after(tagVlan(5))).toEqual(meaning)
    expect(after(tagVlan(5, 70))).toEqual(meaning)
  })

  it('with every packet captured twice', () => {
    check(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), (delay) => {
        const twice = afterwards(duplicateAll(delay))
        expect(essenceOf(twice)).toEqual(meaning)
        expect(captureEssence(twice, ['capture-duplicates'])).toEqual(captureEssence(original))
        expect(captureEssence(twice)).toHaveLength(captureEssence(original).length + 1)
      }),
      cases(2, 5),
    )
  })

  it('in segments of one byte', () => {
    expect(bytesAfter(resegment(1))).toEqual(meaningOfBytes)
  })

  it('in segments of any size', () => {
    check(
      fc.property(seeds, fc.integer({ min: 1, max: 400 }), (seed, size) => {
        const random = randomOf(seed)
        const cut = afterwards(resegment(() => 1 + Math.floor(random() * size)))
        expect(essenceOf(cut, OF_SEGMENTS)).toEqual(meaningOfBytes)
        expect(captureEssence(cut)).toEqual(captureEssence(original))
      }),
      cases(2, 6),
    )
  })

  it('in IP fragments', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 100 }), (blocks) => {
        const cut = afterwards(fragment(8 * blocks, ({ tcp }) => tcp !== null))
        expect(essenceOf(cut)).toEqual(meaning)
        expect(captureEssence(cut)).toEqual(captureEssence(original))
      }),
      cases(2, 5),
    )
  })

  it('with packets out of order', () => {
    check(
      fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, milliseconds) => {
        const disordered = bytesAfter(disorderly(milliseconds, randomOf(seed)))
        expect(inAnyOrder(disordered)).toEqual(inAnyOrder(meaningOfBytes))
      }),
      cases(6, 25),
    )
  })

  it('after all of it together', () => {
    check(
      fc.property(seeds, (seed) => {
        const random = randomOf(seed)
        const changed = bytesAfter(
          resegment(() => 1 + Math.floor(random() * 300)),
          duplicateAll(300_000),
          disorderly(1, random),
          fragment(256, ({ tcp }) => tcp !== null),
          tagVlan(9),
        )
        expect(inAnyOrder(changed)).toEqual(inAnyOrder(meaningOfBytes))
      }),
      cases(3, 10),
    )
  })

  it('among the packets of others', () => {
    const others = noise().packets
    check(
      fc.property(fc.integer({ min: -500, max: 3000 }), (milliseconds) => {
        const shifted = others.map((packet) => ({ ...packet, time: Math.max(0, packet.time + milliseconds * 1e6) }))
        const mixed = after((all) => [...all, ...shifted].sort((a, b) => a.time - b.time))
        expect(mixed.filter((session) => !isOf(session, '172.16.0.9'))).toEqual(meaning)
        expect(mixed.filter((session) => isOf(session, '172.16.0.9'))).toHaveLength(1)
      }),
      cases(2, 5),
    )
  })
})

function isOf(session: { client: { address: string } }, address: string): boolean {
  return session.client.address === address
}

function startsWith(payload: Uint8Array, words: string): boolean {
  return new TextDecoder().decode(payload.subarray(0, words.length)) === words
}
