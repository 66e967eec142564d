import { describe, expect, it } from 'vitest'
import { Analyzer } from '../../src/analyze.js'
import type { Input } from '../../src/input/input.js'
import { inOrderOf, planInput } from '../../src/input/plan.js'
import { scan } from '../../src/input/scan.js'
import type { Analysis } from '../../src/report/contract.js'
import { type SplitPlace } from '../paths/split.js'
import { SCENES } from '../property/scenes.js'
import { toPcap } from '../support/pcap-writer.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'

/** Files of each place. */
const FILES = 150
const START = Date.UTC(2024, 2, 1, 9)

interface File {
  path: string
  size: number
  firstTime: { seconds: number; nanoseconds: number }
  bytes: Uint8Array
}

/** Sessions of one client, one after the other for several minutes, as two places saw them. */
const packets: readonly ScenePacket[] = Array.from({ length: 30 }, (_, at) => {
  const scene = SCENES['passive']!(52_000 + at)
  return scene.packets.map((packet) => clonePacket(packet, { time: packet.time + at * 15e9 }))
}).flat()
const client = packets[0]!.source
const places: readonly SplitPlace[] = [
  { name: 'near', away: 0, hops: 0 },
  { name: 'far', away: 3, hops: 2, clock: { seconds: 0, ppm: 0 } },
]

function seenAt({ away, hops }: SplitPlace): ScenePacket[] {
  const seen = packets.map((packet) => {
    const sign = packet.source === client ? 1 : -1
    const time = packet.time + sign * away * 1e6 + 1e9
    return clonePacket(packet, { time, hopLimit: packet.hopLimit - sign * hops })
  })
  return seen.sort((a, b) => a.time - b.time)
}

/** The packets of a place in that many files of equal length. */
function filesOf(place: SplitPlace, count: number): File[] {
  const seen = seenAt(place)
  const each = Math.ceil(seen.length / count)
  return Array.from({ length: Math.ceil(seen.length / each) }, (_, at) => {
    const part = seen.slice(at * each, (at + 1) * each)
    const first = START * 1e6 + part[0]!.time
    const bytes = toPcap(part, { start: START, nanosecond: true })
    const firstTime = { seconds: Math.floor(first / 1e9), nanoseconds: first % 1e9 }
    return { path: `${place.name}-${String(at).padStart(4, '0')}.pcap`, size: bytes.length, firstTime, bytes }
  })
}

function inputOf({ path, bytes }: File): Input {
  // eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what the type asks for
  const chunks = (async function* () {
    yield bytes
  })()
  return { path, compression: null, size: bytes.length, bytesRead: 0, chunks, failure: null }
}

/** As the command line does: in the order of their first frames, with a look at all of them before. */
async function analyzed(files: readonly File[]): Promise<{ analysis: Analysis; mostOpen: number }> {
  const timeOf = ({ firstTime: { seconds, nanoseconds } }: File): number => seconds * 1e9 + nanoseconds
  const sources = files.toSorted((a, b) => timeOf(a) - timeOf(b))
  let [open, mostOpen] = [0, 0]
  const plan = await planInput(sources, async (file) => {
    mostOpen = Math.max(mostOpen, ++open)
    const scanned = await scan(inputOf(file))
    open--
    return scanned
  })
  const analyzer = new Analyzer({}, null, plan)
  for (const { path, bytes } of inOrderOf(plan, sources)) {
    analyzer.openFile(path)
    analyzer.push(bytes)
    analyzer.closeFile()
  }
  return { analysis: analyzer.end(), mostOpen }
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value, at) => ({ value, rank: Math.imul(at + 1, 0x9e3779b1) >>> 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value)
}

/** Without the names of files, and numbers in them. */
function essence({ sessions, paths = [], summary }: Analysis): unknown {
  return {
    summary,
    sessions: sessions.map(({ id, tcpStream, firstFrame, lastFrame, verdict, user }) => ({
      ...{ id, tcpStream, firstFrame, lastFrame, user },
      ...{ outcome: verdict.outcome, cause: verdict.cause, confidence: verdict.confidence },
    })),
    paths: paths.map(({ sessions: ids, counts, fates, connections }) => ({
      ...{ ids, counts },
      fates: fates.map(({ frame, kind, there }) => ({ frame, kind, there })),
      streams: connections.map(({ tcpStreams }) => tcpStreams),
    })),
  }
}

describe('Rotated captures of two places, in hundreds of files in any order', () => {
  it('are analyzed as the two captures that they are parts of, with one file open at a time', async () => {
    const whole = await analyzed(places.flatMap((place) => filesOf(place, 1)))
    const parts = shuffled(places.flatMap((place) => filesOf(place, FILES)))
    expect(parts.length).toBeGreaterThan(280)
    const rotated = await analyzed(parts)
    expect(whole.analysis.paths).toHaveLength(30)
    expect(essence(rotated.analysis)).toEqual(essence(whole.analysis))
    expect(rotated.mostOpen).toBe(1)
  })
})
