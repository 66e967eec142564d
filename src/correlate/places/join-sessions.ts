import type { InputFiles } from '../../capture/input-files.js'
import type { Clocks } from '../../paths/clock/place-clocks.js'
import type { Observation } from '../../paths/digest/observation.js'
import type { PlaceDigest } from '../../paths/digest/place-digest.js'
import { continuationsOf } from '../../paths/fates/mapped-anew.js'
import { joinPlaces } from '../../paths/join-places.js'
import type { Kin, Path } from '../../paths/model.js'
import type { DataChannel, Session } from '../model.js'
import type { ConnectionPath, SessionPath, SessionPlace } from '../session-path.js'
import { DialledElsewhere } from './dialled-elsewhere.js'
import { JoinedPath, type JoinedInput } from './joined-path.js'
import type { HeldPlace } from './held-places.js'
import { LastPassed } from './last-passed.js'

/** The sessions that several places saw, and the clocks of the places. */
export interface JoinedSessions {
  paths: SessionPath[]
  clocks: Clocks
}

/** Joins the sessions of several places whose control connections are the same. */
export function joinSessions(places: readonly HeldPlace[], files: InputFiles): JoinedSessions {
  const names = places.map(({ firstFile }) => files.nameAt(firstFile))
  const kin = places.flatMap(({ sessions }, place) => sessions.map((session) => kinOf(session, place)))
  const dialled = marksOfData(places.flatMap(({ sessions }) => sessions))
  const digests = places.map(({ digest, sessions }) => {
    const { start, end, sawOtherTraffic } = digest
    return { observations: relevant(digest, sessions, dialled), start, end, sawOtherTraffic }
  })
  const { paths, alone, clocksOf } = joinPlaces(digests, kin)
  const streams = places.map(({ sessions }) => new Streams(sessions))
  const builders = paths.flatMap((path) => {
    const sessions = path.observations.map(({ place, stream }) => streams[place]!.control(stream))
    return sessions.some((session) => session !== null) ? [new Builder(path, sessions, names)] : []
  })
  const bySession = new Map(builders.flatMap((builder) => builder.sessions.map((session) => [session, builder])))
  const data = [...paths, ...alone.map(single)]
  for (const path of data) {
    for (const { place, stream } of path.observations) {
      const found = streams[place]!.data(stream)
      const builder = found && bySession.get(found.session)
      if (!builder) continue
      builder.add(path, found.channel)
      break
    }
  }
  builders.push(...addDialledElsewhere(builders, places, names))
  builders.sort((a, b) => a.firstFrame - b.firstFrame)
  const sessionOf = ({ place, stream }: Observation): Session | null => streams[place]!.control(stream)
  const emptyPlaces = places.flatMap(({ digest }, place) => (digest.observations.length === 0 ? names[place]! : []))
  const input = { files, lastPassed: new LastPassed(paths), emptyPlaces }
  return {
    paths: builders.map((builder, index) => builder.path(index + 1, input, { alone, sessionOf })),
    clocks: clocksOf,
  }
}

/** Adds data connections that another server got; returns sessions that nothing but these joins with other places. */
function addDialledElsewhere(
  builders: readonly Builder[],
  places: readonly HeldPlace[],
  names: readonly string[],
): Builder[] {
  const elsewhere = new DialledElsewhere(places)
  const joined = new Set(builders.flatMap(({ sessions }) => sessions))
  for (const builder of builders)
    for (const { channel, observation } of elsewhere.of(builder.sessions, builder.places))
      builder.addBeyond(single(observation), channel)
  return places.flatMap(({ sessions, digest }, place) =>
    sessions.flatMap((session) => {
      const found = joined.has(session) ? [] : elsewhere.of([session], [place])
      const control = found.length > 0 && digest.observations.find(({ stream }) => stream === session.control.tcpStream)
      if (!control) return []
      const builder = new Builder(single(control), [session], names)
      for (const { channel, observation } of found) builder.addBeyond(single(observation), channel)
      return [builder]
    }),
  )
}

type Ends = Pick<Observation, 'initiator' | 'responder'>

/** What a data connection keeps where a translator changes addresses or a port. */
function marksOf({ initiator, responder }: Ends): string[] {
  return [`${initiator.port} ${responder.port}`, `${responder.address} ${responder.port}`]
}

/** Of all data connections: one place may have missed the announcement of a connection to a third host. */
function marksOfData(sessions: readonly Session[]): ReadonlySet<string> {
  return new Set(
    sessions.flatMap(({ channels }) => channels.flatMap(({ connection }) => (connection ? marksOf(connection) : []))),
  )
}

/** Connections that may be of a session: those of its hosts, and what any place took for its data connections. */
function relevant(digest: PlaceDigest, sessions: readonly Session[], dialled: ReadonlySet<string>): Observation[] {
  const found = new Set(digest.ofControlledHosts)
  const streams = new Set(
    sessions.flatMap(({ control, channels }) => [
      control.tcpStream,
      ...channels.flatMap(({ connection }) => connection?.tcpStream ?? []),
    ]),
  )
  return digest.observations.filter(
    (each) => found.has(each) || streams.has(each.stream) || marksOf(each).some((mark) => dialled.has(mark)),
  )
}

function kinOf({ control, channels }: Session, place: number): Kin {
  const data = channels.flatMap(({ connection }) => connection?.tcpStream ?? [])
  return { place, control: control.tcpStream, data }
}

function single(observation: Observation): Path {
  return { observations: [observation], signs: [], hops: [], fates: [], relayedAfter: null, absent: [] }
}

/** Which sessions of one place its connections belong to. */
class Streams {
  readonly #control = new Map<number, Session>()
  readonly #data = new Map<number, { session: Session; channel: DataChannel }>()

  constructor(sessions: readonly Session[]) {
    for (const session of sessions) this.#control.set(session.control.tcpStream, session)
    for (const session of sessions) {
      for (const channel of session.channels) {
        const stream = channel.connection?.tcpStream
        if (stream === undefined || this.#control.has(stream) || this.#data.has(stream)) continue
        this.#data.set(stream, { session, channel })
      }
    }
  }

  control(stream: number): Session | null {
    return this.#control.get(stream) ?? null
  }

  data(stream: number): { session: Session; channel: DataChannel } | null {
    return this.#data.get(stream) ?? null
  }
}

/** A place of a session's path. */
interface Slot {
  /** What it saw of the control connection. */
  control: Observation | null
  shown: SessionPlace
}

/** Connections that one place only saw, and the sessions that it took them for. */
interface Unjoined {
  alone: readonly Observation[]
  sessionOf: (observation: Observation) => Session | null
}

/** Collects the connections of one session. */
class Builder {
  readonly sessions: Session[]
  readonly #control: Path
  readonly #data: { path: Path; channel: DataChannel }[] = []
  readonly #slots: Slot[]
  readonly #names: readonly string[]
  readonly #isTurned: boolean

  constructor(control: Path, sessions: readonly (Session | null)[], names: readonly string[]) {
    this.#control = control
    this.#names = names
    this.sessions = sessions.filter((session) => session !== null)
    this.#slots = control.observations.map((observation, at) => ({
      control: observation,
      shown: { place: observation.place, file: names[observation.place]!, session: sessions[at]! },
    }))
    for (const { place, beyond } of control.absent) {
      const slot: Slot = { control: null, shown: { place, file: names[place]!, session: null } }
      if (beyond === 'responder') this.#slots.push(slot)
      else this.#slots.unshift(slot)
    }
    this.#isTurned = isTurned(control, sessions)
    if (this.#isTurned) this.#slots.reverse()
  }

  get firstFrame(): number {
    return this.sessions.reduce((least, { control }) => Math.min(least, control.first.frame), Infinity)
  }

  add(path: Path, channel: DataChannel): void {
    this.#data.push({ path, channel })
    const order = channel.mode === 'active' ? path.observations.toReversed() : path.observations
    order.forEach(({ place }, at) => {
      if (this.#slots.some((slot) => slot.shown.place === place)) return
      // It saw nothing but this data connection: it is where that shows it to be.
      const before = order.slice(0, at).findLast((each) => this.#slots.some((slot) => slot.shown.place === each.place))
      const index = before ? this.#slots.findLastIndex((slot) => slot.shown.place === before.place) + 1 : 0
      const shown: SessionPlace = { place, file: this.#names[place]!, session: null }
      this.#slots.splice(index, 0, { control: null, shown })
    })
  }

  /** Indices of its places among those of the input. */
  get places(): number[] {
    return this.#slots.map(({ shown }) => shown.place)
  }

  /** A data connection that came to another server, of which nothing else is known than that it lies behind. */
  addBeyond(path: Path, channel: DataChannel): void {
    this.#data.push({ path, channel })
    const { place } = path.observations[0]!
    if (this.places.includes(place)) return
    this.#slots.push({ control: null, shown: { place, file: this.#names[place]!, session: null } })
  }

  path(id: number, input: JoinedInput, { alone, sessionOf }: Unjoined): SessionPath {
    const places = this.#slots.map(({ shown }) => shown)
    const control = this.#connection(this.#control, null)
    const data = this.#data
      .map(({ path, channel }) => this.#connection(path, channel))
      .sort((a, b) => firstFrameOf(a) - firstFrameOf(b))
    const strays = alone.filter(
      (each) => !each.opened && this.#slots.some(({ control: own }) => own && isLike(own, each)),
    )
    const continued = [...continuationsOf(this.#control, strays)].flatMap((each) => sessionOf(each) ?? [])
    return new JoinedPath(id, places, { control, data, strays, continued }, input)
  }

  #connection(path: Path, channel: DataChannel | null): ConnectionPath {
    const slots = path.observations.map((observation) => this.#slotOf(observation))
    return { path, channel, slots, isTurned: channel ? channel.mode === 'active' : this.#isTurned }
  }

  /** Both sides of a translator may be one place: the addresses tell them apart. */
  #slotOf(observation: Observation): number {
    const ofPlace = this.#slots.flatMap((slot, index) =>
      slot.shown.place === observation.place ? [{ slot, index }] : [],
    )
    const same = ofPlace.find(
      ({ slot: { control } }) => control === observation || (control !== null && shareBothEnds(control, observation)),
    )
    return (same ?? ofPlace[0]!).index
  }
}

/** Of the same hosts at the same place. */
function isLike(own: Observation, other: Observation): boolean {
  return own.place === other.place && shareBothEnds(own, other)
}

function shareBothEnds(a: Observation, b: Observation): boolean {
  const ends = [b.initiator.address, b.responder.address]
  return ends.includes(a.initiator.address) && ends.includes(a.responder.address)
}

/** Whether the FTP client is the responder: which end opened a connection is unknown where its start is missing. */
function isTurned({ observations }: Path, sessions: readonly (Session | null)[]): boolean {
  const at = sessions.findIndex((session) => session !== null)
  const { client } = sessions[at]!
  const { initiator } = observations[at]!
  return initiator.address !== client.address || initiator.port !== client.port
}

function firstFrameOf({ path: { observations } }: ConnectionPath): number {
  return observations.reduce((least, { log }) => (log.size > 0 ? Math.min(least, log.frame(0)) : least), Infinity)
}
