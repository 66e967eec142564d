/** One scene as several places see it, with their own clocks. */
import { Comparison, type CompareOptions } from '../../src/compare.js'
import type { ComparisonReport } from '../../src/report/compare/contract.js'
import { toPcap } from '../support/pcap-writer.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'

export interface SplitPlace {
  name: string
  /** Milliseconds from where the scene was seen, towards the server. */
  away: number
  /** Routers from there. */
  hops: number
  clock?: { seconds: number; ppm: number }
  /** What the packets have become there: none, if it does not pass. `index` is that in the scene. */
  change?: (packet: ScenePacket, index: number) => ScenePacket[]
  snapLength?: number
}

const START = Date.UTC(2024, 2, 1, 9)

export interface SplitCapture {
  bytes: Uint8Array
  /** Numbers of the frames that a packet of the scene has become, by its index there. */
  frames: number[][]
}

/** The capture of a scene, as seen at the client with that address, at another place. */
export function captureAt(packets: readonly ScenePacket[], client: string, place: SplitPlace): SplitCapture {
  const { away, hops, clock = { seconds: 0, ppm: 0 }, change = (packet: ScenePacket) => [packet] } = place
  const moved = packets.flatMap((packet, index) => {
    const sign = isFromClient(packet, client) ? 1 : -1
    const time = packet.time + sign * away * 1e6
    const there = clonePacket(packet, { hopLimit: packet.hopLimit - sign * hops, time })
    return change(there, index).map((each) => ({ packet: each, index }))
  })
  moved.sort((a, b) => a.packet.time - b.packet.time)
  const frames: number[][] = packets.map(() => [])
  moved.forEach(({ index }, at) => frames[index]!.push(at + 1))
  const times = moved.map(({ packet }) => Math.round((packet.time + clock.seconds * 1e9) * (1 + clock.ppm * 1e-6)))
  // Times of a capture are not before its epoch.
  const early = Math.floor(times.reduce((least, time) => Math.min(least, time), 0) / 1e6)
  const shown = moved.map(({ packet }, at) => clonePacket(packet, { time: times[at]! - early * 1e6 }))
  const snapped = place.snapLength !== undefined && { snapLength: place.snapLength }
  return { bytes: toPcap(shown, { start: START + early, nanosecond: true, ...snapped }), frames }
}

export function isFromClient({ source }: ScenePacket, client: string): boolean {
  return source === client
}

export function compareFiles(
  files: Readonly<Record<string, Uint8Array>>,
  options: CompareOptions = {},
): ComparisonReport {
  const comparison = new Comparison(options)
  for (const [name, bytes] of Object.entries(files)) {
    const place = comparison.place()
    place.openFile(name)
    place.push(bytes)
    place.closeFile()
  }
  return comparison.end()
}

/** Compares what the places see of a scene, in the order given. */
export function comparePlaces(
  packets: readonly ScenePacket[],
  client: string,
  places: readonly SplitPlace[],
  options: CompareOptions = {},
): ComparisonReport {
  const files = Object.fromEntries(places.map((place) => [place.name, captureAt(packets, client, place).bytes]))
  return compareFiles(files, { allConnections: true, ...options })
}

/** What a translator in front of the client makes of a packet. */
export function translated(packet: ScenePacket, inside: string, outside: string): ScenePacket {
  const { source, destination } = packet
  return clonePacket(packet, {
    source: source === inside ? outside : source,
    destination: destination === inside ? outside : destination,
  })
}
