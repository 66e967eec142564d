import type { Fate, Path } from '../../paths/model.js'
import type { FlightReport } from './contract.js'
import { milliseconds } from './described-place.js'
import type { Clocks } from '../../paths/clock/place-clocks.js'
import type { PacketWords } from './packet-words.js'
import type { PathView } from './path-view.js'

/** Packets that are listed of one connection. */
const MOST_FLIGHTS = 60
const HANDSHAKE = 3

/** One packet, by observation: its row there, -1 where it was not seen. */
interface Flight {
  rows: Int32Array
  /** By the clock of the path's first place. */
  time: number
  fates: Fate[]
}

/** Number of a frame of a place as the report counts it. */
export type FrameNumber = (place: number, frame: number) => number

export function describeFlights(
  view: PathView,
  words: readonly PacketWords[],
  clocks: Clocks,
  frameNumber: FrameNumber,
): FlightReport[] {
  const flights = flightsOf(view.path, clocks)
  const chosen = choose(flights)
  const start = flights[0]?.time ?? 0
  let before = -1
  return chosen.map((index) => {
    const skipped = index - before - 1
    before = index
    return describeFlight(flights[index]!, start, skipped, view, words, frameNumber)
  })
}

function flightsOf(path: Path, clocks: Clocks): Flight[] {
  const { observations, hops, fates } = path
  const flights: Flight[] = []
  const ofRow = observations.map(({ log }) => new Int32Array(log.size).fill(-1))
  const [first] = observations
  observations.forEach(({ place, log }, at) => {
    const alignment = at > 0 ? hops[at - 1]!.alignment : null
    const clock = clocks.convert(place, first!.place)
    for (let row = 0; row < log.size; row++) {
      const partner = alignment ? alignment.ofB[row]! : -1
      const known = partner < 0 ? -1 : ofRow[at - 1]![partner]!
      if (known >= 0) {
        ofRow[at]![row] = known
        // Of a merged segment, the first piece.
        if (flights[known]!.rows[at]! < 0) flights[known]!.rows[at] = row
        continue
      }
      ofRow[at]![row] = flights.length
      const rows = new Int32Array(observations.length).fill(-1)
      rows[at] = row
      flights.push({ rows, time: clock ? clock(log.time(row)) : log.time(row), fates: [] })
    }
  })
  for (const fate of fates) flights[ofRow[fate.at]![fate.row]!]!.fates.push(fate)
  return flights.sort((a, b) => a.time - b.time)
}

/** The handshake, packets with a fate and those around them, and the last one; ascending. */
function choose(flights: readonly Flight[]): number[] {
  const chosen = new Set<number>()
  for (let index = 0; index < Math.min(HANDSHAKE, flights.length); index++) chosen.add(index)
  const fated = flights.flatMap(({ fates }, index) => (fates.length > 0 ? [index] : []))
  for (const index of fated) {
    if (chosen.size >= MOST_FLIGHTS) break
    for (const near of [index - 1, index, index + 1]) if (near >= 0 && near < flights.length) chosen.add(near)
  }
  if (flights.length > 0) chosen.add(flights.length - 1)
  return [...chosen].sort((a, b) => a - b)
}

function describeFlight(
  { rows, time, fates }: Flight,
  start: number,
  skipped: number,
  view: PathView,
  words: readonly PacketWords[],
  frameNumber: FrameNumber,
): FlightReport {
  const { path, slots } = view
  const seen = slots.flatMap(({ at }, slot) => (at >= 0 && rows[at]! >= 0 ? [{ at, slot, row: rows[at]! }] : []))
  const sample = path.observations[seen[0]!.at]!
  const { log } = sample
  const direction = log.direction(seen[0]!.row)
  const toward = view.sender(direction) === 'client' ? 'server' : 'client'
  // From the sender on.
  if (toward === 'client') seen.reverse()
  const texts = seen.map(({ at, row }) => words[at]!.of(row))
  const became = texts.flatMap((text, index) =>
    index > 0 && text !== texts[index - 1] ? [{ after: seen[index - 1]!.slot, packet: text }] : [],
  )
  const last = (kind: Fate['kind']): boolean => fates.some((fate) => fate.kind === kind)
  const isUnknown = last('only-here')
  return {
    timeMs: milliseconds(time - start),
    sender: log.isIcmp(seen[0]!.row) ? 'network' : view.sender(direction),
    toward,
    frames: slots.map(({ at, place }) => {
      const row = at < 0 ? -1 : rows[at]!
      return row < 0 ? null : frameNumber(place, path.observations[at]!.log.frame(row))
    }),
    packet: texts[0]!,
    became,
    end: last('lost') ? 'lost' : isUnknown && !reaches(seen, slots.length, toward) ? 'unknown' : 'arrived',
    start: last('injected') ? 'injected' : isUnknown && !begins(seen, slots.length, toward) ? 'unknown' : 'sent',
    skipped,
  }
}

type Seen = readonly { slot: number }[]

/** Whether it passed the last place on its way. */
function reaches(seen: Seen, places: number, toward: 'client' | 'server'): boolean {
  return seen.at(-1)!.slot === (toward === 'server' ? places - 1 : 0)
}

function begins(seen: Seen, places: number, toward: 'client' | 'server'): boolean {
  return seen[0]!.slot === (toward === 'server' ? 0 : places - 1)
}
