import type { FileFrame } from '../../capture/frame-finder.js'
import type { DataChannel, SameSession, Session } from '../../correlate/model.js'
import type { ConnectionPath, PathPacket, PlaceAt, SessionPath, SessionPlace } from '../../correlate/session-path.js'
import type { Announcement } from '../../ftp/model.js'
import type { Fate } from '../../paths/model.js'
import type { Connection, Sighting } from '../../tcp/connection.js'
import { dataConnectionsOf } from './capture-facts.js'
import { estimateVantage, type VantageEstimate } from './vantage.js'

/** The same control connection as captured elsewhere. */
export interface Elsewhere extends SameSession {
  /** `null`: unknown, since both sides are in one capture. */
  isNearerToClient: boolean | null
}

/** One packet from its sender to its receiver, as far as the places show it. */
export interface Journey {
  packet: PathPacket
  sender: 'client' | 'server' | 'network'
  /** Where it was seen, from the sender on: index of the place, and the frame there. */
  seen: readonly { slot: number; frame: number }[]
  /** What became of it after the last place that saw it; `null` if it passed all places on its way. */
  end: Fate | null
  /** What is known of it before the first place that saw it; `null` if it passed all places since its sender. */
  start: Fate | null
  /** The first change between two places; `null` if it arrived as it was sent. */
  changed: Fate | null
}

/**
 * What all places show of a session, as seen from one of them. Slots are indices of the path's places, from the
 * client's side to the server's.
 */
export class PathFacts {
  readonly path: SessionPath
  /** The place of the session that is judged. */
  readonly slot: number
  #positions: readonly PlaceAt[] | undefined

  constructor(path: SessionPath, session: Session) {
    this.path = path
    this.slot = path.places.findIndex((place) => place.session === session)
  }

  get places(): readonly SessionPlace[] {
    return this.path.places
  }

  /** Where each place is: by its own packets, as far as the order of the path allows it. */
  get positions(): readonly PlaceAt[] {
    return (this.#positions ??= positionsOf(this.path))
  }

  /** The control connection, then data connections. */
  get connections(): readonly ConnectionPath[] {
    return [this.path.control, ...this.path.data]
  }

  /** The file of a frame, and its number there. */
  file(frame: number): FileFrame {
    return this.path.file(frame)
  }

  /** A packet on its way past all places; `null` for a frame of another connection. */
  journey({ frame }: Pick<Sighting, 'frame'>): Journey | null {
    const packet = this.path.packet(frame)
    return packet && this.journeyOf(packet)
  }

  journeyOf(packet: PathPacket): Journey {
    const { connection, at, row } = packet
    const { path, isTurned } = connection
    const { log } = path.observations[at]!
    const direction = log.direction(row)
    const rows = rowsOf(packet)
    const seen = rows.flatMap((each, index) => (each < 0 ? [] : [{ index, row: each }]))
    // From the sender on.
    if (direction === 1) seen.reverse()
    const [first, last] = [seen[0]!, seen.at(-1)!]
    const fatesAt = (where: { index: number; row: number }): readonly Fate[] =>
      this.path.fatesOf({ connection, at: where.index, row: where.row })
    return {
      packet,
      sender: log.isIcmp(row) ? 'network' : (direction === 0) === isTurned ? 'server' : 'client',
      seen: seen.map((each) => ({
        slot: connection.slots[each.index]!,
        frame: path.observations[each.index]!.log.frame(each.row),
      })),
      end: fatesAt(last).find((fate) => isOneSided(fate, last) && this.#leads(fate, direction, connection)) ?? null,
      start:
        fatesAt(first).find((fate) => isOneSided(fate, first) && !this.#leads(fate, direction, connection)) ?? null,
      changed: seen.flatMap(fatesAt).find(({ kind }) => kind === 'changed') ?? null,
    }
  }

  /** Index of the place of a fate's other side. */
  nextSlot({ next, nextPlace }: Fate, connection: ConnectionPath): number {
    if (next >= 0) return connection.slots[next]!
    return this.places.findIndex(({ place }) => place === nextPlace)
  }

  /** Routers between two neighboring places, as the control connection shows them; `null` where unknown. */
  routersBetween(one: number, other: number): number | null {
    const { control } = this.path
    const [toResponder, toInitiator] = control.path.hops[hopBetween(control, one, other)]?.routers ?? [null, null]
    return toResponder ?? toInitiator
  }

  /** The path of a connection of this session. */
  connectionPath({ tcpStream }: Connection): ConnectionPath | null {
    const { place } = this.places[this.slot]!
    const isIt = ({ path }: ConnectionPath): boolean =>
      path.observations.some((each) => each.place === place && each.stream === tcpStream)
    return this.connections.find(isIt) ?? null
  }

  /** The same channel as the other places saw it: by the packet that announces it. */
  channelElsewhere(channel: DataChannel): { slot: number; channel: DataChannel }[] {
    const { announcement } = channel
    const journey = announcement && this.journey(announcement)
    if (!journey) return []
    return journey.seen.flatMap(({ slot, frame }) => {
      const there = this.places[slot]!.session?.channels.find((each) => each.announcement?.frame === frame)
      return slot === this.slot || !there ? [] : [{ slot, channel: there }]
    })
  }

  /** The announcement in a frame, as that place saw it. */
  announcementIn({ slot, frame }: Journey['seen'][number]): Announcement | null {
    return this.places[slot]!.session?.dialogue.announcements.find((each) => each.frame === frame) ?? null
  }

  /** Whether a place nearer to the host that is to connect shows an announcement with another address. */
  isReaddressedBeyond({ announcement }: DataChannel): boolean {
    const { seen } = (announcement && this.journey(announcement)) ?? { seen: [] }
    const own = seen.findIndex(({ slot }) => slot === this.slot)
    return seen.slice(own + 1).some((each) => {
      const there = this.announcementIn(each)
      return there !== null && isWhole(there) && there.address !== null && there.address !== announcement!.address
    })
  }

  /** Whether a connection of a channel was seen at any place. */
  wasTried(channel: DataChannel): boolean {
    return (
      channel.connection !== null ||
      this.dialledElsewhere(channel) !== null ||
      this.channelElsewhere(channel).some((there) => there.channel.connection !== null)
    )
  }

  /** The connection to the port that a channel announces which came to another server instead. */
  dialledElsewhere(channel: DataChannel): ConnectionPath | null {
    if (channel.connection !== null || channel.announcement === null) return null
    const { port } = channel.announcement
    const isIt = (own: DataChannel | null): boolean =>
      own !== null && own.connection === null && own.announcement?.port === port && own.id === channel.id
    return this.path.data.find((each) => isIt(each.channel)) ?? null
  }

  /** The session at the place that is furthest from this one; `null` if no other place has it. */
  get elsewhere(): Elsewhere | null {
    const others = this.places.flatMap(({ session }, slot) =>
      session && slot !== this.slot ? [{ session, slot }] : [],
    )
    others.sort((a, b) => Math.abs(b.slot - this.slot) - Math.abs(a.slot - this.slot))
    const [furthest] = others
    if (!furthest) return null
    const { control, client, server, dialogue } = furthest.session
    const firstFrame = control.first.frame
    return {
      firstFrame,
      client,
      server,
      announcements: dialogue.announcements,
      isNearerToClient: furthest.slot < this.slot,
    }
  }

  /** Whether a fate is of what lies before the packet. */
  #leads(fate: Fate, direction: number, connection: ConnectionPath): boolean {
    if (fate.kind === 'injected') return false
    if (fate.kind === 'lost') return true
    if (fate.next >= 0) return (direction === 0) === fate.next > fate.at
    const { path } = connection
    const beyond = path.absent.find(({ place }) => place === fate.nextPlace)?.beyond
    return (direction === 0) === (beyond === 'responder')
  }
}

/** Index of the hop of a connection between two places, whichever way it was opened; -1 without one. */
export function hopBetween({ path, slots }: ConnectionPath, one: number, other: number): number {
  return path.hops.findIndex(
    (_, at) => (slots[at] === one && slots[at + 1] === other) || (slots[at] === other && slots[at + 1] === one),
  )
}

/** The capture has all of it, so that another place may show other words. */
function isWhole({ malformed, cutPorts, port }: Announcement): boolean {
  return malformed === null && cutPorts === null && port !== null
}

/** Rows of a packet by observation, -1 where it was not seen. */
function rowsOf({ connection: { path }, at, row }: PathPacket): number[] {
  const rows = path.observations.map(() => -1)
  rows[at] = row
  for (let to = at + 1; to < rows.length && rows[to - 1]! >= 0; to++)
    rows[to] = path.hops[to - 1]?.alignment?.ofA[rows[to - 1]!] ?? -1
  for (let to = at - 1; to >= 0 && rows[to + 1]! >= 0; to--)
    rows[to] = path.hops[to]?.alignment?.ofB[rows[to + 1]!] ?? -1
  return rows
}

function isOneSided({ kind, at, row }: Fate, where: { index: number; row: number }): boolean {
  return kind !== 'changed' && at === where.index && row === where.row
}

/** At the ends of the path, what the place itself shows; between, what its neighbors allow. */
function positionsOf({ places, control: { path, slots } }: SessionPath): PlaceAt[] {
  const own = places.map(({ session }): PlaceAt => {
    const at = session ? estimateVantage({ session, dataConnections: dataConnectionsOf(session) }).at : 'unknown'
    return at === 'both-sides-of-nat' ? 'middle' : at
  })
  const routers = (from: number, to: number): number => {
    let sum = 0
    path.hops.forEach((hop, at) => {
      const [a, b] = [slots[at]!, slots[at + 1]!].sort((x, y) => x - y)
      if (a! >= from && b! <= to) sum += hop.routers[0] ?? hop.routers[1] ?? 0
    })
    return sum
  }
  const last = places.length - 1
  return own.map((at, slot) => {
    if (at === 'client' && routers(0, slot) > 0) return 'middle'
    if (at === 'server' && routers(slot, last) > 0) return 'middle'
    if (at === 'unknown' && slot > 0 && slot < last) return 'middle'
    return at
  })
}

/** As far as the other places of its path allow. */
export function vantageOnPath(estimate: VantageEstimate, path: PathFacts | null): VantageEstimate {
  if (!path || estimate.at === 'both-sides-of-nat') return estimate
  const at = path.positions[path.slot]!
  return at === estimate.at
    ? estimate
    : { at, confidence: 'medium', reasons: ['the order of the captures on the path'] }
}

/** The same control connection on the other side of a translator in this capture, or at another place. */
export function elsewhereOf({ surroundings }: Session, path: PathFacts | null): Elsewhere | null {
  const { sameSession } = surroundings
  return sameSession ? { ...sameSession, isNearerToClient: null } : (path?.elsewhere ?? null)
}
