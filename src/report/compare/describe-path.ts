import type { FileFrame } from '../../capture/frame-finder.js'
import { type Epoch, isoTime } from '../../capture/time.js'
import { endpointWords } from '../../diagnose/words/ends.js'
import type { Clocks } from '../../paths/clock/place-clocks.js'
import type { Delay, Fate, Hop, Path } from '../../paths/model.js'
import type { SignKind } from '../../paths/twins/signs.js'
import { steadyWords } from './change-words.js'
import type { DelayReport, FateCounts, FateReport, HopReport, PathPlaceReport, PathReport } from './contract.js'
import { type DescribedPlace, epochDifference, milliseconds } from './described-place.js'
import { type FateNames, fateWords } from './fate-words.js'
import type { FtpStream } from './ftp-streams.js'
import { PacketWords } from './packet-words.js'
import { pathVerdict } from './path-verdict.js'
import { PathView } from './path-view.js'
import { describeFlights } from './flights.js'

const DIGITS = 6
/** Fates that a report lists of one connection; a transfer over a bad line has thousands. */
export const MOST_FATES = 1000

/** What packets are described with. */
export interface PacketContext {
  /** Time 0 of each place. */
  epochs: readonly (Epoch | null)[]
  clocks: Clocks
  /** The file of a frame of a place, and its number there. */
  file: (place: number, frame: number) => FileFrame
}

export interface PathContext extends PacketContext {
  places: readonly DescribedPlace[]
  /** How each place is called. */
  names: readonly string[]
  /** By index of a place: where it is in the report. */
  numbers: ReadonlyMap<number, number>
  showSecrets: boolean
}

/** What is the same at the places of a path, in words. */
export function signWords({ signs }: Path): string[] {
  return signs.map((sign) => SIGNS[sign.kind])
}

const SIGNS: Readonly<Record<SignKind, string>> = {
  'four-tuple': 'addresses and ports',
  ports: 'ports',
  'initiator-isn': 'initial sequence number of the SYN',
  'responder-isn': 'initial sequence number of the SYN,ACK',
  'sequence-numbers': 'sequence numbers with the same payload',
  timestamps: 'TCP timestamps',
  'ip-id': 'IP identifications',
  payload: 'payload',
  intervals: 'intervals between packets',
}

/** What the analyses of the places say of a connection; `null` if none takes it for FTP. */
export function roleOf({ observations }: Path, places: readonly DescribedPlace[]): FtpStream | null {
  let found: FtpStream | null = null
  for (const { place, stream } of observations) {
    const role = places[place]!.streams.of(stream)
    if (role?.kind === 'control') return role
    found ??= role
  }
  return found
}

export function describePath(path: Path, id: number, context: PathContext): PathReport {
  const { places } = context
  const role = roleOf(path, places)
  const view = new PathView(path, role?.active ?? false)
  const isDialogue = role?.kind === 'control'
  const words = path.observations.map((each) => new PacketWords(each, isDialogue, context.showSecrets))
  const reports = describePlaces(view, context)
  const names: FateNames = { files: reports.map(({ file }) => file), sender: (direction) => view.sender(direction) }
  const fates = fatesInOrder(path, context).map((fate) => fateReport(describeFate(fate, view, words, names, context)))
  const hops = describeHops(view)
  const kind = role?.kind ?? 'other'
  return {
    id,
    kind,
    active: role?.active ?? false,
    sessions: reports.flatMap(({ session }) => session ?? []),
    signs: signWords(path),
    places: reports,
    hops,
    counts: countsOf(path),
    fates: fates.slice(0, MOST_FATES),
    fatesLeftOut: Math.max(0, fates.length - MOST_FATES),
    packets: describeFlights(view, words, context.clocks, (place, frame) => context.file(place, frame).frame),
    unseenAt: unseenAt(view, context),
    verdict: pathVerdict(kind, reports, hops, fates, path),
  }
}

function unseenAt({ slots }: PathView, { names, numbers }: PathContext): string[] {
  const seen = new Set(slots.map(({ place }) => place))
  return [...numbers.keys()].filter((place) => !seen.has(place)).map((place) => names[place]!)
}

/** By the clock of the path's first place. */
export function fatesInOrder({ observations, fates }: Path, { clocks }: PacketContext): Fate[] {
  const [first] = observations
  const time = ({ at, row }: Fate): number => {
    const { place, log } = observations[at]!
    const clock = clocks.convert(place, first!.place)
    return clock ? clock(log.time(row)) : log.time(row)
  }
  return fates
    .map((fate) => ({ fate, time: time(fate) }))
    .sort((a, b) => a.time - b.time || a.fate.at - b.fate.at || a.fate.row - b.fate.row)
    .map(({ fate }) => fate)
}

function describePlaces(view: PathView, context: PathContext): PathPlaceReport[] {
  const { path, slots } = view
  const { places, names, numbers } = context
  const [first] = slots
  return slots.map(({ at, place }) => {
    const observation = at < 0 ? null : path.observations[at]!
    const role = observation && places[place]!.streams.of(observation.stream)
    const firstFrame = observation && context.file(place, observation.log.frame(0))
    return {
      place: numbers.get(place)!,
      file: firstFrame?.file ?? names[place]!,
      at: whereOf(role),
      session: role?.session ?? null,
      tcpStream: observation?.stream ?? null,
      client: observation && view.end(observation, 'client'),
      server: observation && view.end(observation, 'server'),
      firstFrame: firstFrame?.frame ?? null,
      packets: observation?.log.size ?? 0,
      ...describeClock(first!.place, place, context),
    }
  })
}

/** How far the clock of a place is ahead of another's. */
export function describeClock(
  from: number,
  place: number,
  { clocks, epochs }: PacketContext,
): Pick<PathPlaceReport, 'clockOffsetMs' | 'clockUncertaintyMs'> {
  const clock = clocks.convert(from, place)
  const ahead = clock ? clock(0) + epochDifference(epochs[from]!, epochs[place]!) : null
  const uncertainty = clocks.uncertainty(from, place)
  return {
    clockOffsetMs: ahead === null ? null : milliseconds(ahead),
    clockUncertaintyMs: uncertainty === null ? null : milliseconds(uncertainty),
  }
}

function whereOf(role: FtpStream | null): PathPlaceReport['at'] {
  const vantage = role?.vantage
  return vantage === 'client' || vantage === 'server' || vantage === 'middle' ? vantage : 'unknown'
}

export function describeHops(view: PathView): HopReport[] {
  const { path, slots, isTurned } = view
  return slots.slice(1).map((slot, index) => {
    const before = slots[index]!
    if (slot.at < 0 || before.at < 0) return EMPTY_HOP
    const at = Math.min(slot.at, before.at)
    const hop = path.hops[at]!
    const [toServer, toClient] = isTurned ? [1, 0] : [0, 1]
    return {
      routers: { toServer: hop.routers[toServer]!, toClient: hop.routers[toClient]! },
      changes: changesOf(view, hop, at),
      delays: { toServer: delayOf(hop.delays, toServer), toClient: delayOf(hop.delays, toClient) },
      relayed: path.relayedAfter === at,
    }
  })
}

const EMPTY_HOP: HopReport = {
  routers: { toServer: null, toClient: null },
  changes: [],
  delays: { toServer: null, toClient: null },
  relayed: false,
}

function changesOf(view: PathView, { steady }: Hop, at: number): string[] {
  const { path, isTurned } = view
  return steady.map((change) => {
    const sender = view.sender(change.direction)
    if (change.kind !== 'address' || !isTurned) return steadyWords(change, path, at, sender)
    // Written from the client's side to the server's, as the places are.
    const [a, b] = [path.observations[at + 1]!, path.observations[at]!]
    return `${sender}: ${endpointWords(a.sender(change.direction))} is ${endpointWords(b.sender(change.direction))}`
  })
}

function delayOf(delays: readonly Delay[], direction: number): DelayReport | null {
  const found = delays.find((delay) => delay.direction === direction)
  if (!found) return null
  const { least, median, most, uncertainty } = found
  return {
    minMs: milliseconds(least),
    medianMs: milliseconds(median),
    maxMs: milliseconds(most),
    uncertaintyMs: uncertainty === null ? null : milliseconds(uncertainty),
  }
}

export function countsOf({ hops, fates }: Path): FateCounts {
  const of = (kind: Fate['kind']): number => fates.filter((fate) => fate.kind === kind).length
  const arrived = hops.reduce((sum, hop) => sum + hop.arrived[0] + hop.arrived[1], 0)
  const changed = of('changed')
  const inPart = fates.filter(({ missing }) => missing > 0).length
  return {
    arrived: arrived - changed - inPart,
    lost: of('lost'),
    changed,
    injected: of('injected'),
    onlyHere: of('only-here'),
  }
}

/** A fate with the packet's places in the report, in words. */
export interface DescribedFate {
  /** Counted in its file, and as its log has it. */
  here: FileFrame
  frame: number
  there: FileFrame | null
  thereFrame: number | null
  report: Pick<FateReport, 'kind' | 'time' | 'place' | 'next' | 'sender' | 'packet' | 'reason' | 'what'>
}

export function describeFate(
  fate: Fate,
  view: PathView,
  words: readonly PacketWords[],
  names: FateNames,
  context: PacketContext,
): DescribedFate {
  const observation = view.path.observations[fate.at]!
  const { log, place } = observation
  const frame = log.frame(fate.row)
  const other = fate.there < 0 ? null : view.path.observations[fate.next]!
  const there = other && { frame: other.log.frame(fate.there), place: other.place }
  const epoch = context.epochs[place] ?? null
  const packet = words[fate.at]!.of(fate.row)
  const became = fate.there < 0 ? null : words[fate.next]!.of(fate.there)
  const [from, to] = [view.slotOf(fate.at, place), view.slotOf(fate.next, fate.nextPlace)]
  return {
    frame,
    here: context.file(place, frame),
    thereFrame: there?.frame ?? null,
    there: there && context.file(there.place, there.frame),
    report: {
      kind: fate.kind,
      time: epoch ? isoTime(epoch, log.time(fate.row), DIGITS) : '',
      place: from,
      next: to,
      sender: log.isIcmp(fate.row) ? 'network' : view.sender(fate.direction),
      packet,
      reason: fate.reason,
      what: fateWords(fate, { packet, became, from, to, observation, alignment: hopOf(view.path, fate) }, names),
    },
  }
}

function fateReport({ here, there, report }: DescribedFate): FateReport {
  const { kind, time, place, next, ...rest } = report
  const other = { there: there?.frame ?? null, thereFile: there?.file ?? null }
  return { kind, frame: here.frame, file: here.file, time, place, next, ...other, ...rest }
}

function hopOf({ hops }: Path, { at, next }: Fate): Hop['alignment'] {
  return next < 0 ? null : (hops[Math.min(at, next)]?.alignment ?? null)
}
