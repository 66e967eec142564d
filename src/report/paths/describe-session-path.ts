import type { InputFiles } from '../../capture/input-files.js'
import type { Clock } from '../../capture/time.js'
import type { ConnectionPath, SessionPath } from '../../correlate/session-path.js'
import { PathFacts } from '../../diagnose/facts/path-facts.js'
import type { Clocks } from '../../paths/clock/place-clocks.js'
import type { Fate } from '../../paths/model.js'
import type { FateCounts } from '../compare/contract.js'
import {
  countsOf,
  type DescribedFate,
  describeClock,
  describeFate,
  describeHops,
  fatesInOrder,
  MOST_FATES,
  type PacketContext,
  signWords,
} from '../compare/describe-path.js'
import { describeFlights } from '../compare/flights.js'
import { PacketWords } from '../compare/packet-words.js'
import { pathVerdict } from '../compare/path-verdict.js'
import { PathView } from '../compare/path-view.js'
import type {
  EndpointReport,
  PathConnectionReport,
  SessionFateReport,
  SessionPathReport,
  SessionPlaceReport,
  VerdictReport,
} from '../contract.js'

export interface SessionPathContext {
  clock: Clock
  clocks: Clocks
  files: InputFiles
  showSecrets: boolean
}

/** One connection of a path, ready to be described. */
interface Described {
  report: PathConnectionReport
  fates: { fate: SessionFateReport; time: number }[]
  counts: FateCounts
}

/** What several places saw of one session, in the form of the contract. */
export function describeSessionPath(
  path: SessionPath,
  verdict: VerdictReport,
  context: SessionPathContext,
): SessionPathReport {
  const connections = [path.control, ...path.data].map((each) => describeConnection(each, path, context))
  const fates = connections.flatMap((each) => each.fates).sort((a, b) => a.time - b.time)
  return {
    id: path.id,
    sessions: [...path.places.flatMap(({ session }) => session?.id ?? []), ...path.continued.map(({ id }) => id)],
    signs: signWords(path.control.path),
    places: describePlaces(path, context),
    hops: hopsOf(path),
    counts: connections.map(({ counts }) => counts).reduce(sum),
    fates: fates.slice(0, MOST_FATES).map(({ fate }) => fate),
    fatesLeftOut: Math.max(0, fates.length - MOST_FATES),
    connections: connections.map(({ report }) => report),
    verdict,
  }
}

function packetContext({ clock, clocks, files }: SessionPathContext, places: number): PacketContext {
  return {
    // All places are read in one series of frames, with one time 0.
    epochs: Array.from({ length: places }, () => clock.epoch),
    clocks,
    file: (_place, frame) => files.find(frame),
  }
}

function describePlaces(path: SessionPath, context: SessionPathContext): SessionPlaceReport[] {
  const { files } = context
  const { positions } = new PathFacts(path, path.places.find(({ session }) => session !== null)!.session!)
  const [first] = path.places
  const most = Math.max(...path.places.map(({ place }) => place)) + 1
  const packets = packetContext(context, most)
  return path.places.map(({ place, file, session }, slot) => {
    const at = path.control.slots.indexOf(slot)
    const observation = at < 0 ? null : path.control.path.observations[at]!
    const firstFrame = observation && observation.log.size > 0 ? observation.log.frame(0) : null
    const ends = observation && endsOf(observation, path.control.isTurned)
    return {
      file,
      at: positions[slot]!,
      session: session?.id ?? null,
      client: ends?.client ?? null,
      server: ends?.server ?? null,
      firstFrame,
      localFirstFrame: firstFrame === null ? null : files.find(firstFrame).frame,
      tcpStream: observation?.stream ?? null,
      localTcpStream:
        session?.control.streamInFile ??
        (observation && firstFrame !== null ? files.streamInFile(observation.stream, firstFrame) : null),
      ...describeClock(first!.place, place, packets),
    }
  })
}

function endsOf(
  { initiator, responder }: { initiator: EndpointReport; responder: EndpointReport },
  isTurned: boolean,
): { client: EndpointReport; server: EndpointReport } {
  const [client, server] = isTurned ? [responder, initiator] : [initiator, responder]
  return { client: { ...client }, server: { ...server } }
}

/** Between neighbors in the order of the path; what the control connection does not show is unknown. */
function hopsOf({ control, places }: SessionPath): SessionPathReport['hops'] {
  const view = new PathView(control.path, control.isTurned)
  const hops = describeHops(view)
  const slots = control.isTurned ? control.slots.toReversed() : control.slots
  return places.slice(1).map((_, index) => {
    const at = slots.indexOf(index)
    const hop = slots[at + 1] === index + 1 ? hops[at] : undefined
    return hop ?? { ...UNKNOWN_HOP, delays: { toServer: null, toClient: null } }
  })
}

const UNKNOWN_HOP = { routers: { toServer: null, toClient: null }, changes: [], relayed: false }

function describeConnection(connection: ConnectionPath, path: SessionPath, context: SessionPathContext): Described {
  const view = new PathView(connection.path, connection.isTurned)
  const { observations } = connection.path
  const isDialogue = connection.channel === null
  const words = observations.map((each) => new PacketWords(each, isDialogue, context.showSecrets))
  const slots = slotsOf(view, connection, path)
  const names = {
    files: slots.map((slot) => path.places[slot]!.file),
    sender: (direction: number) => view.sender(direction),
  }
  const most = Math.max(...path.places.map(({ place }) => place)) + 1
  const packets = packetContext(context, most)
  const described = fatesInOrder(connection.path, packets).map((fate) => ({
    fate: sessionFate(describeFate(fate, view, words, names, packets), connection, slots),
    time: timeOf(fate, connection, path, context.clocks),
  }))
  const flights = describeFlights(view, words, context.clocks, (_place, frame) => frame).map((flight) => {
    const frames: (number | null)[] = path.places.map(() => null)
    flight.frames.forEach((frame, index) => {
      const slot = slots[index]!
      if (frame !== null) frames[slot] = frame
    })
    const localFrames = frames.map((frame) => (frame === null ? null : context.files.find(frame).frame))
    const became = flight.became.map((each) => ({ ...each, after: slots[each.after]! }))
    return { ...flight, frames, became, localFrames }
  })
  const streams: (number | null)[] = path.places.map(() => null)
  connection.slots.forEach((slot, at) => (streams[slot] = observations[at]!.stream))
  const kind = isDialogue ? 'control' : 'data'
  const places = names.files.map((file) => ({ file }))
  return {
    counts: countsOf(connection.path),
    fates: described,
    report: {
      kind,
      dataChannel: connection.channel?.id ?? null,
      tcpStreams: streams,
      packets: flights,
      verdict: pathVerdict(
        kind,
        places,
        describeHops(view),
        described.map(({ fate }) => fate),
        connection.path,
      ),
    },
  }
}

/** Of each place of the view: its slot in the path of the session. */
function slotsOf({ slots }: PathView, connection: ConnectionPath, { places }: SessionPath): number[] {
  return slots.map(({ at, place }) =>
    at >= 0 ? connection.slots[at]! : places.findIndex((each) => each.place === place),
  )
}

function sessionFate(
  { frame, here, thereFrame, there, report }: DescribedFate,
  { channel }: ConnectionPath,
  slots: readonly number[],
): SessionFateReport {
  const { kind, time, place, next, sender, packet, reason, what } = report
  return {
    kind,
    frame,
    file: here.file,
    localFrame: here.frame,
    time,
    place: slots[place]!,
    next: slots[next]!,
    there: thereFrame,
    thereFile: there?.file ?? null,
    localThere: there?.frame ?? null,
    dataChannel: channel?.id ?? null,
    sender,
    packet,
    reason,
    what,
  }
}

/** By the clock of the path's first place. */
function timeOf({ at, row }: Fate, { path }: ConnectionPath, { places }: SessionPath, clocks: Clocks): number {
  const { place, log } = path.observations[at]!
  const clock = clocks.convert(place, places[0]!.place)
  return clock ? clock(log.time(row)) : log.time(row)
}

function sum(a: FateCounts, b: FateCounts): FateCounts {
  return {
    arrived: a.arrived + b.arrived,
    lost: a.lost + b.lost,
    changed: a.changed + b.changed,
    injected: a.injected + b.injected,
    onlyHere: a.onlyHere + b.onlyHere,
  }
}
