import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Input } from '../../../src/input/input.js'
import { planInput } from '../../../src/input/plan.js'
import { scan } from '../../../src/input/scan.js'
import type { ScannedFile } from '../../../src/paths/files/places-of-files.js'
import { SharedPackets } from '../../../src/paths/files/shared-packets.js'
import { cases, checkAsync } from '../../property/check.js'
import { ftpSession, login, quit, retrieve } from '../../support/ftp-scene.js'
import { toPcap } from '../../support/pcap-writer.js'
import { Scene } from '../../support/scene.js'
import { clonePacket, Flag, type ScenePacket } from '../../support/scene-packet.js'
import { translated } from '../split.js'

const CLIENT = '192.168.1.10'
const SERVER = '203.0.113.20'
const OUTSIDE = '198.51.100.77'
const START = Date.UTC(2024, 2, 1, 9)
const DAY = 86_400

interface Capture {
  path: string
  packets: readonly ScenePacket[]
  /** Seconds that its clock is ahead. */
  clock?: number
}

function inputOf(path: string, bytes: Uint8Array): Input {
  // eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
  const chunks = (async function* () {
    yield bytes
  })()
  return { path, compression: null, size: bytes.length, bytesRead: 0, chunks, failure: null }
}

function scanOf({ path, packets, clock = 0 }: Capture): Promise<ScannedFile> {
  return scan(inputOf(path, toPcap(packets, { start: START + clock * 1000, nanosecond: true })))
}

/** The paths of each place, as the command line finds them. */
async function placesOf(captures: readonly Capture[]): Promise<string[][]> {
  const scans = await Promise.all(captures.map(scanOf))
  const sources = scans.map(({ path, epoch }) => ({ path, size: 1, firstTime: epoch }))
  sources.sort(
    (a, b) =>
      (a.firstTime?.seconds ?? Infinity) - (b.firstTime?.seconds ?? Infinity) ||
      (a.firstTime?.nanoseconds ?? 0) - (b.firstTime?.nanoseconds ?? 0),
  )
  const plan = await planInput(sources, ({ path }) => Promise.resolve(scans.find((each) => each.path === path)!))
  return plan ? plan.places.map((paths) => [...paths]) : [sources.map(({ path }) => path)]
}

/** Sessions one after the other, each a few seconds long. */
function sessions(seed: number, count: number): ScenePacket[] {
  const scene = new Scene({ seed })
  const timestamps = seed % 2 === 0
  const client = scene.host(CLIENT, { distance: 0.02, timestamps, timestampBase: Math.imul(seed, 40_503) >>> 0 })
  const server = scene.host(SERVER, { hopLimit: 57, timestamps, timestampBase: Math.imul(seed, 69_069) >>> 0 })
  for (let at = 0; at < count; at++) {
    const session = ftpSession(scene, client, server, { clientPort: 52_000 + at })
    login(session)
    retrieve(session, { path: `${seed}-${at}`, port: 50_000 + ((seed * 31 + at) % 1000), data: 3000 })
    quit(session)
    scene.wait(4000)
  }
  return scene.packets
}

/** Cuts at fractions of the packets, as a capture is rotated. */
function rotated(packets: readonly ScenePacket[], cuts: readonly number[]): ScenePacket[][] {
  const ends = [...new Set(cuts.map((cut) => Math.floor(cut * packets.length)))].sort((a, b) => a - b)
  return [...ends, packets.length]
    .map((end, at) => packets.slice(ends[at - 1] ?? 0, end))
    .filter(({ length }) => length > 0)
}

const cutsOf = fc.array(fc.double({ min: 0.02, max: 0.98, noNaN: true }), { maxLength: 4 })

describe('Files of two places', () => {
  it('are put apart, rotated at any packet, whatever the clocks, in any order', async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 5 }),
        cutsOf,
        cutsOf,
        fc.oneof(
          fc.integer({ min: -3 * DAY, max: 3 * DAY }),
          fc.integer({ min: -30, max: 30 }),
          fc.constantFrom(-DAY, DAY),
        ),
        fc.boolean(),
        async (seed, count, nearCuts, farCuts, clock, translates) => {
          const packets = sessions(seed, count)
          const away = packets.map((packet) => {
            const sign = packet.source === CLIENT ? 1 : -1
            const there = translates ? translated(packet, CLIENT, OUTSIDE) : packet
            return clonePacket(there, { time: packet.time + sign * 2e6, hopLimit: packet.hopLimit - sign * 2 })
          })
          const far = away.sort((a, b) => a.time - b.time)
          const captures = [
            ...rotated(packets, nearCuts).map((part, at) => ({ path: `near/${at}.pcap`, packets: part })),
            ...rotated(far, farCuts).map((part, at) => ({ path: `far/${at}.pcap`, packets: part, clock })),
          ]
          const places = await placesOf(captures)
          expect(
            places.map((paths) => new Set(paths.map((path) => path.split('/')[0]))).map(({ size }) => size),
          ).toEqual([1, 1])
        },
      ),
      cases(60, 600),
    )
  })

  it('are put apart by pauses alone if all are named alike', async () => {
    const packets = sessions(4, 6)
    const captures = [
      ...rotated(packets, [0.01, 0.5]).map((part, at) => ({ path: `trace${at}`, packets: part })),
      ...rotated(packets, [0.3, 0.35]).map((part, at) => ({ path: `trace${at + 3}`, packets: part, clock: DAY })),
    ]
    expect(await placesOf(captures)).toEqual([
      ['trace0', 'trace1', 'trace2'],
      ['trace3', 'trace4', 'trace5'],
    ])
  })

  it('are the copies of one file', async () => {
    const packets = sessions(2, 1)
    const copies = ['a.pcap', 'b.pcap', 'c.pcap'].map((path) => ({ path, packets }))
    expect(await placesOf(copies)).toHaveLength(3)
    expect(await placesOf(copies.map((copy, at) => ({ ...copy, clock: at * DAY })))).toHaveLength(3)
  })
})

describe('Files of one place', () => {
  it('stay together, rotated at any packet, also where packets are sent again', async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e9 }),
        cutsOf,
        fc.boolean(),
        fc.boolean(),
        async (seed, cuts, repeats, alike) => {
          const packets = sessions(seed, 2).flatMap((packet, at): ScenePacket[] => {
            if (!repeats) return [packet]
            const again = clonePacket(packet, { time: packet.time + 1e6, identification: packet.identification ^ at })
            // Every SYN and every message is lost, and sent again with another timestamp.
            const { timestamps } = packet.tcp!.options
            if (timestamps) again.tcp!.options.timestamps = { ...timestamps, value: timestamps.value + 200 }
            return packet.payload.length > 0 || packet.tcp!.flags & Flag.Syn ? [packet, again] : [packet]
          })
          packets.sort((a, b) => a.time - b.time)
          const captures = rotated(packets, cuts).map((part, at) => ({
            path: alike ? `trace${at}` : `${'abcde'[at]!}.pcap`,
            packets: part,
          }))
          expect(await placesOf(captures)).toEqual([captures.map(({ path }) => path)])
        },
      ),
      cases(60, 600),
    )
  })

  it('have nothing in common if they show other sessions of the same hosts', async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        async (seeds, count) => {
          const captures = seeds.map((seed, at) => ({
            path: `${'abcd'[at]!}.pcap`,
            packets: sessions(seed, count),
            clock: at * DAY,
          }))
          expect(await placesOf(captures)).toHaveLength(1)
        },
      ),
      cases(60, 600),
    )
  })

  it('have nothing in common if a program wrote them with sequence numbers of its own', async () => {
    await checkAsync(
      fc.asyncProperty(fc.constantFrom(0, 1, 1000, 100_000, 1_000_000, 5_000_000), fc.boolean(), async (isn, syns) => {
        const written = (port: number): ScenePacket[] => {
          const scene = new Scene()
          const [client, server] = [scene.host(CLIENT), scene.host(SERVER, { hopLimit: 57 })]
          const options = { initialSequences: [isn, isn] as [number, number] }
          const control = scene.connect(client, port, server, 21, options)
          for (const [text, answer] of [
            ['USER a\r\n', '331 Password\r\n'],
            ['PASS b\r\n', '230 In\r\n'],
            ['QUIT\r\n', '221 Bye\r\n'],
          ] as const)
            control.client(text).server(answer)
          return syns ? scene.packets.slice(0, 1) : scene.packets
        }
        const captures = [0, 1].map((at) => ({ path: `${at}`, packets: written(50_000 + at), clock: at * DAY }))
        expect(await placesOf(captures)).toEqual([['0', '1']])
      }),
      20,
    )
  })

  it('have nothing in common but the SYNs of a scanner that sends all of them alike', async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.option(fc.integer({ min: 1, max: 0xffffffff })),
        fc.boolean(),
        async (sequence, timestamp, own) => {
          const packets = Array.from({ length: 40 }, (_, at): ScenePacket => {
            const scene = new Scene()
            scene.connect(scene.host(CLIENT), 40_000, scene.host(`203.0.113.${at}`), 21)
            const probe = scene.packets[0]!
            const number = own ? Math.imul(sequence, 2 * at + 1) >>> 0 : sequence
            const options = timestamp === null ? {} : { timestamps: { value: timestamp, echo: 0 } }
            const tcp = { ...probe.tcp!, sequence: number, options }
            return clonePacket(probe, { time: at * 1e6, identification: 54_321, tcp })
          })
          const captures = [0, 1].map((at) => ({ path: `${at}`, packets, clock: at * DAY }))
          const scans = await Promise.all(captures.map(scanOf))
          expect(new SharedPackets(scans.map(({ fingerprint }) => fingerprint)).has(0, 1)).toBe(false)
        },
      ),
      cases(60, 400),
    )
  })
})
