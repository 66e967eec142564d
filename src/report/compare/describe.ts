import { fileNames, FrameFinder } from '../../capture/frame-finder.js'
import { isoTime } from '../../capture/time.js'
import type { Clocks } from '../../paths/clock/place-clocks.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { JoinedPaths, Path } from '../../paths/model.js'
import { plural } from '../text/units.js'
import { TOOL } from '../version.js'
import {
  type AloneReport,
  type ClockReport,
  COMPARE_SCHEMA,
  type ComparisonReport,
  type FateCounts,
  type PlaceReport,
} from './contract.js'
import { describePath, type PathContext, roleOf } from './describe-path.js'
import { type DescribedPlace, epochDifference, milliseconds } from './described-place.js'

const DIGITS = 6
/** A drift is stated if it is known this well, in parts per million. */
const KNOWN_DRIFT = 25e-6

export interface DescribeOptions {
  allConnections?: boolean
  showSecrets?: boolean
}

/** The report on what several places saw of the same connections. */
export function describeComparison(
  joined: JoinedPaths & { clocksOf: Clocks },
  places: readonly DescribedPlace[],
  options: DescribeOptions,
): ComparisonReport {
  const names = fileNames(places.flatMap(({ files }) => files.map(({ path }) => path)))
  const finders = places.map(({ files, framesBefore }) => new FrameFinder(files, names, framesBefore[0] ?? 0))
  const called = places.map(({ files: [first] }) => (first ? names.get(first.path)! : '-'))
  const order = orderOfPlaces(joined.paths, places, called)
  /** By index of a place: where it is in the report. */
  const numbers = new Map(order.map((place, index) => [place, index]))
  const context: PathContext = {
    places,
    names: called,
    numbers,
    clocks: joined.clocksOf,
    epochs: places.map(({ epoch }) => epoch),
    file: (place, frame) => finders[place]!.of(frame),
    showSecrets: options.showSecrets ?? false,
  }
  const chosen = joined.paths
    .filter((path) => options.allConnections === true || roleOf(path, places) !== null)
    .sort((a, b) => startOf(a, context) - startOf(b, context) || byStream(a, b))
  const paths = chosen.map((path, index) => describePath(path, index + 1, context))
  return {
    schema: COMPARE_SCHEMA,
    tool: TOOL,
    places: order.map((place) => describePlace(places[place]!, called[place]!, names)),
    clocks: joined.clocks.map((clocks) => describeClocks(clocks, places, numbers)).sort((a, b) => a.from - b.from),
    summary: {
      joined: joined.paths.filter(({ observations }) => observations.length > 1).length,
      listed: paths.length,
      fates: sum(paths.map(({ counts }) => counts)),
    },
    paths,
    alone: aloneOf(joined.alone, context),
    limits: limitsOf(places, called),
  }
}

/** From the client's side to the server's, as most paths have it; the same whatever the order of the arguments. */
function orderOfPlaces(paths: readonly Path[], places: readonly DescribedPlace[], names: readonly string[]): number[] {
  const votes = places.map(() => places.map(() => 0))
  for (const path of paths) {
    const order = path.observations.map(({ place }) => place)
    if (roleOf(path, places)?.active) order.reverse()
    for (const [at, first] of order.entries()) {
      for (const second of order.slice(at + 1)) {
        votes[first]![second]!++
        votes[second]![first]!--
      }
    }
  }
  const name = (place: number): string => names[place]!
  return places.map((_, place) => place).sort((a, b) => votes[b]![a]! - votes[a]![b]! || (name(a) < name(b) ? -1 : 1))
}

function describePlace(
  { digest, files, epoch, streams }: DescribedPlace,
  name: string,
  names: ReadonlyMap<string, string>,
): PlaceReport {
  const time = (at: number): string | null => (epoch && Number.isFinite(at) ? isoTime(epoch, at, DIGITS) : null)
  return {
    name,
    files: files.map(({ path, frames }) => ({ path, name: names.get(path) ?? path, frames })),
    start: time(digest.start),
    end: time(digest.end),
    connections: digest.observations.length + digest.forgotten,
    ftpConnections: digest.observations.filter(({ stream }) => streams.of(stream) !== null).length,
  }
}

function describeClocks(
  { first, second, relation }: JoinedPaths['clocks'][number],
  places: readonly DescribedPlace[],
  numbers: ReadonlyMap<number, number>,
): ClockReport {
  const isInOrder = numbers.get(first)! < numbers.get(second)!
  const sign = isInOrder ? 1 : -1
  const { uncertainty, drift, driftUncertainty, consistent, forward, backward } = relation
  const isDriftKnown = driftUncertainty !== null && driftUncertainty < Math.max(KNOWN_DRIFT, Math.abs(drift) / 2)
  const [from, to] = isInOrder ? [first, second] : [second, first]
  return {
    from: numbers.get(from)!,
    to: numbers.get(to)!,
    offsetMs: milliseconds(sign * (relation.ahead + epochDifference(places[first]!.epoch, places[second]!.epoch))),
    uncertaintyMs: uncertainty === null ? null : milliseconds(uncertainty),
    driftPpm: isDriftKnown ? (sign * Math.round(drift * 1e7)) / 10 + 0 : null,
    driftUncertaintyPpm: isDriftKnown ? Math.round(driftUncertainty * 1e7) / 10 : null,
    consistent,
    packets: isInOrder ? { forward, backward } : { forward: backward, backward: forward },
  }
}

function startOf({ observations }: Path, { epochs, clocks, numbers }: PathContext): number {
  // By the clock of the first place of the report, so that the order of the arguments makes no difference.
  const [reference] = [...numbers].find(([, index]) => index === 0) ?? [0]
  const [first] = observations
  const clock = clocks.convert(first!.place, reference)
  const time = first!.log.time(0)
  return clock ? clock(time) : time + epochDifference(epochs[reference]!, epochs[first!.place]!)
}

function byStream({ observations: [a] }: Path, { observations: [b] }: Path): number {
  return a!.stream - b!.stream
}

function sum(counts: readonly FateCounts[]): FateCounts {
  const total: FateCounts = { arrived: 0, lost: 0, changed: 0, injected: 0, onlyHere: 0 }
  for (const each of counts) for (const key of Object.keys(total) as (keyof FateCounts)[]) total[key] += each[key]
  return total
}

function aloneOf(observations: readonly Observation[], { places, file: fileOf, numbers }: PathContext): AloneReport[] {
  const alone: AloneReport[] = []
  for (const { place, stream, initiator, responder, log } of observations) {
    const role = places[place]!.streams.of(stream)
    if (!role || log.size === 0) continue
    const [client, server] = role.active ? [responder, initiator] : [initiator, responder]
    const { file, frame } = fileOf(place, log.frame(0))
    const { kind, session } = role
    const base = { place: numbers.get(place)!, file, session, kind, tcpStream: stream }
    alone.push({ ...base, client, server, firstFrame: frame, packets: log.size })
  }
  return alone.sort((a, b) => a.place - b.place || a.firstFrame - b.firstFrame)
}

function limitsOf(places: readonly DescribedPlace[], names: readonly string[]): string[] {
  return places.flatMap(({ digest }, at) => {
    const { forgotten, dropped } = digest.lost
    const what = [
      forgotten > 0 ? plural(forgotten, 'connection') : '',
      dropped > 0 ? plural(dropped, 'packet') : '',
    ].filter((part) => part !== '')
    return what.length === 0
      ? []
      : [`${names[at]!}: ${what.join(' and ')} not compared, since the memory for it is used up`]
  })
}
