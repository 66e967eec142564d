import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparisonReport, FateReport } from '../../src/report/compare/contract.js'
import { cases, check } from '../property/check.js'
import { noise, SCENES } from '../property/scenes.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { captureAt, compareFiles, comparePlaces, isFromClient, type SplitPlace, translated } from './split.js'

const NAMES = ['passive', 'pipelined', 'failing', 'secured', 'overIpv6'] as const
const packetsOf = new Map(NAMES.map((name) => [name, SCENES[name]!().packets]))

const OUTSIDE = '198.51.100.77'

interface Split {
  scene: (typeof NAMES)[number]
  index: number
  away: number
  hops: number
  seconds: number
  ppm: number
  isTranslated: boolean
  isReversed: boolean
}

const splits: fc.Arbitrary<Split> = fc.record({
  scene: fc.constantFrom(...NAMES),
  index: fc.nat(10_000),
  away: fc.double({ min: 0.05, max: 4, noNaN: true }),
  hops: fc.integer({ min: 1, max: 5 }),
  seconds: fc.double({ min: -5000, max: 5000, noNaN: true }),
  ppm: fc.integer({ min: -100, max: 100 }),
  isTranslated: fc.boolean(),
  isReversed: fc.boolean(),
})

function sceneOf(name: Split['scene']): { packets: ScenePacket[]; client: string } {
  const packets = packetsOf.get(name)!
  return { packets, client: packets[0]!.source }
}

/** Both places of a split: the client's, and one behind a translator, perhaps. */
function placesOf({ away, hops, seconds, ppm, scene, isTranslated }: Split): [SplitPlace, SplitPlace] {
  const outside = isTranslated && scene !== 'overIpv6'
  return [
    { name: 'near.pcap', away: 0, hops: 0 },
    {
      name: 'far.pcap',
      away,
      hops,
      clock: { seconds, ppm },
      change: (packet) => [outside ? translated(packet, sceneOf(scene).client, OUTSIDE) : packet],
    },
  ]
}

/** The report on both places, `first` being the index of a place whose packets `change` changes. */
function compared(split: Split, changed: 0 | 1, change: NonNullable<SplitPlace['change']>): ComparisonReport {
  const places = placesOf(split)
  const place = places[changed]
  const before = place.change ?? ((packet) => [packet])
  places[changed] = {
    ...place,
    change: (packet, index) => before(packet, index).flatMap((each) => change(each, index)),
  }
  const { packets, client } = sceneOf(split.scene)
  return comparePlaces(packets, client, split.isReversed ? places.toReversed() : places)
}

function fatesOf(report: ComparisonReport): FateReport[] {
  return report.paths.flatMap(({ fates }) => fates)
}

describe('A path that is split anywhere, with clocks that differ and drift', () => {
  it('arrives unchanged, from the client to the server, in whatever order the files are given', () => {
    check(
      fc.property(splits, (split) => {
        const report = compared(split, 0, (packet) => [packet])
        expect(report.places.map(({ name }) => name)).toEqual(['near.pcap', 'far.pcap'])
        expect(fatesOf(report)).toEqual([])
        expect(report.alone).toEqual([])
        const { packets } = sceneOf(split.scene)
        const tcp = packets.filter(({ tcp: segment }) => segment !== null)
        expect(report.summary.fates.arrived).toBe(tcp.length)
        const [clocks] = report.clocks
        // Offset at the middle of the packets, whatever the drift has added up to there.
        const span = packets.at(-1)!.time / 1e9 + Math.abs(split.seconds)
        const drifted = (Math.abs(split.ppm) * 1e-6 * span + 1e-5) * 1000
        expect(Math.abs(clocks!.offsetMs - split.seconds * 1000)).toBeLessThan(clocks!.uncertaintyMs! + drifted)
        expect(clocks!.consistent).toBe(true)
      }),
      cases(8, 300),
    )
  })

  it('names exactly the packet that one place has not', () => {
    check(
      fc.property(splits, (split) => {
        const { packets, client } = sceneOf(split.scene)
        const index = split.index % packets.length
        // Where it goes to: that place does not see it.
        const isFrom = isFromClient(packets[index]!, client)
        const report = compared(split, isFrom ? 1 : 0, (packet, at) => (at === index ? [] : [packet]))
        const [near, far] = placesOf(split).map((place) => captureAt(packets, client, place).frames)
        const fates = fatesOf(report)
        expect(fates.map(({ file, frame }) => `${file} ${frame}`)).toEqual([
          isFrom ? `near.pcap ${near![index]![0]!}` : `far.pcap ${far![index]![0]!}`,
        ])
        expect(['lost', 'only-here']).toContain(fates[0]!.kind)
      }),
      cases(10, 600),
    )
  })

  it('names exactly the packet whose payload was rewritten', () => {
    check(
      fc.property(splits, (split) => {
        const { packets, client } = sceneOf(split.scene)
        const carrying = packets.flatMap(({ tcp, payload }, index) => (tcp && payload.length > 0 ? [index] : []))
        const index = carrying[split.index % carrying.length]!
        const report = compared(split, 1, (packet, at) => (at === index ? [rewritten(packet)] : [packet]))
        const [near, far] = placesOf(split).map((place) => captureAt(packets, client, place).frames)
        const isFrom = isFromClient(packets[index]!, client)
        const [here, there] = isFrom ? [near!, far!] : [far!, near!]
        const fates = fatesOf(report)
        expect(fates).toMatchObject([{ kind: 'changed', frame: here[index]![0]!, there: there[index]![0]! }])
      }),
      cases(8, 300),
    )
  })

  it('names exactly the RST that a device between injected', () => {
    check(
      fc.property(splits, (split) => {
        const { packets, client } = sceneOf(split.scene)
        const segments = packets.flatMap(({ tcp }, index) => (tcp && !(tcp.flags & Flag.Rst) ? [index] : []))
        const index = segments[split.index % segments.length]!
        const isFrom = isFromClient(packets[index]!, client)
        const forge = (packet: ScenePacket, at: number): ScenePacket[] =>
          at === index ? [packet, resetAfter(packet)] : [packet]
        const report = compared(split, isFrom ? 1 : 0, forge)
        const fates = fatesOf(report)
        expect(fates.map(({ kind, packet }) => `${kind} ${packet}`)).toEqual(['injected RST'])
        expect(fates[0]!.file).toBe(isFrom ? 'far.pcap' : 'near.pcap')
      }),
      cases(8, 300),
    )
  })

  it('arrives unchanged through a firewall that randomizes sequence numbers', () => {
    check(
      fc.property(splits, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (split, shift) => {
        const { client } = sceneOf(split.scene)
        const report = compared(split, 1, (packet) => [shifted(packet, client, shift)])
        expect(fatesOf(report)).toEqual([])
        expect(report.alone).toEqual([])
      }),
      cases(8, 300),
    )
  })
})

describe('Captures that have nothing in common', () => {
  it('are never joined', () => {
    const names = Object.keys(SCENES)
    const other = fc.record({ first: fc.constantFrom(...names), second: fc.constantFrom(...names), port: fc.nat(5000) })
    check(
      fc.property(other, fc.integer({ min: 2, max: 100_000 }), ({ first, second, port }, seed) => {
        const here = SCENES[first]!(50_000 + port).toPcap()
        const there = reseeded(SCENES[second]!(56_000 + port).packets, seed)
        const files = { 'a.pcap': here, 'b.pcap': captureAt(there, '', { name: 'b.pcap', away: 0, hops: 0 }).bytes }
        expect(compareFiles(files, { allConnections: true }).paths).toEqual([])
      }),
      cases(10, 300),
    )
  })

  it('are not joined where the same hosts use the same ports again, for the same dialogue', () => {
    const again = fc.record({
      scene: fc.constantFrom(...Object.keys(SCENES)),
      stretch: fc.double({ min: 0.2, max: 0.8, noNaN: true }),
    })
    check(
      fc.property(again, fc.integer({ min: 2, max: 100_000 }), ({ scene, stretch }, seed) => {
        const { packets } = SCENES[scene]!()
        // No user and no server takes the same time twice.
        const there = reseeded(packets, seed).map((packet, index) =>
          clonePacket(packet, { time: packet.time * stretch + (Math.imul(index >> 2, seed) & 0xff) * 1e6 * stretch }),
        )
        there.sort((a, b) => a.time - b.time)
        const places = ['a.pcap', 'b.pcap'].map((name, at) => ({ name, away: 0, hops: 2 * at }))
        const [here, later] = [packets, there].map((each, at) => captureAt(each, '', places[at]!).bytes)
        expect(compareFiles({ 'a.pcap': here!, 'b.pcap': later! }, { allConnections: true }).paths).toEqual([])
      }),
      cases(10, 300),
    )
  })

  it('are not joined by a scanner that probes with the same sequence number from the same port', () => {
    const probes = (hosts: readonly number[]): ScenePacket[] =>
      hosts.map((host, index) => {
        const syn = noise().packets.find(({ tcp }) => tcp !== null && tcp.flags === Flag.Syn)!
        const tcp = { ...syn.tcp!, sourcePort: 54_321, destinationPort: 21, sequence: 1_000_000, options: {} }
        return clonePacket(syn, { tcp, destination: `198.51.100.${host}`, identification: 54_321, time: index * 1e6 })
      })
    const at = (hosts: readonly number[]) => captureAt(probes(hosts), '', { name: '', away: 0, hops: 0 }).bytes
    const files = { 'a.pcap': at([1, 2, 3, 4]), 'b.pcap': at([11, 12, 13, 14]) }
    expect(compareFiles(files, { allConnections: true }).paths).toEqual([])
  })
})

function rewritten(packet: ScenePacket): ScenePacket {
  const payload = packet.payload.slice()
  payload[payload.length >> 1]! ^= 1
  return clonePacket(packet, { payload })
}

function resetAfter(packet: ScenePacket): ScenePacket {
  const tcp = packet.tcp!
  const length = packet.payload.length + (tcp.flags & (Flag.Syn | Flag.Fin) ? 1 : 0)
  return clonePacket(packet, {
    payload: new Uint8Array(0),
    hopLimit: packet.hopLimit + 3,
    identification: 0,
    time: packet.time + 5000,
    tcp: {
      ...tcp,
      flags: Flag.Rst,
      sequence: (tcp.sequence + length) >>> 0,
      acknowledgment: 0,
      window: 0,
      options: {},
    },
  })
}

/** The client's sequence numbers are moved, and what acknowledges them. */
function shifted(packet: ScenePacket, client: string, shift: number): ScenePacket {
  const { tcp } = packet
  if (!tcp) return packet
  const isFrom = packet.source === client || packet.source === OUTSIDE
  const hasAcknowledgment = (tcp.flags & Flag.Ack) !== 0
  const moved = isFrom
    ? { sequence: (tcp.sequence + shift) >>> 0 }
    : hasAcknowledgment
      ? { acknowledgment: (tcp.acknowledgment + shift) >>> 0 }
      : {}
  return clonePacket(packet, { tcp: { ...tcp, ...moved } })
}

/** The same dialogue at another time: other sequence numbers, identifications and timestamps. */
function reseeded(packets: readonly ScenePacket[], seed: number): ScenePacket[] {
  return packets.map((packet) => {
    const { tcp } = packet
    if (!tcp) return packet
    const { timestamps } = tcp.options
    const other = (value: number): number => (value + Math.imul(seed, 2654435761)) >>> 0
    const moved = timestamps && { timestamps: { value: other(timestamps.value), echo: other(timestamps.echo) } }
    return clonePacket(packet, {
      identification: (packet.identification + seed) & 0xffff,
      tcp: {
        ...tcp,
        sequence: other(tcp.sequence),
        acknowledgment: tcp.flags & Flag.Ack ? other(tcp.acknowledgment) : 0,
        options: { ...tcp.options, ...moved },
      },
    })
  })
}
