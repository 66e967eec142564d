import type { Announcement, Dialogue, PlaceInSegment } from '../ftp/model.js'
import type { ControlSession } from '../ftp/session.js'
import type { Connection } from '../tcp/connection.js'
import type { Ends } from '../tcp/connection-tracker.js'
import { isPublic } from '../wire/address-scope.js'
import { buildChannels } from './channels.js'
import type { Expectation } from './expectations.js'
import type { HostPair } from './host-pairs.js'
import type { Match, Session, SessionOfSameHosts, Surroundings } from './model.js'

/** RFC 1413. */
const IDENT_PORT = 113

/** A session that is being read. */
export class OpenSession {
  /** In the order of opening; 0 while doubtful, or where nobody asked for this host. */
  id = 0
  readonly wanted: boolean
  readonly control: Connection
  readonly pair: HostPair<OpenSession>
  readonly clientId: number
  readonly serverId: number
  /** The server's address and port as one key. */
  readonly endpoint: number
  asSibling: { sibling: SessionOfSameHosts; lastFrame: number } | null = null
  readonly expectations: Expectation<OpenSession>[] = []
  /** Announcements that were split over segments, or stood behind other lines in theirs. */
  readonly places = new Map<Announcement, PlaceInSegment>()
  /** Connections of the same hosts that no announcement explains. */
  readonly unexplained: Connection[] = []
  /** Found by content and not yet sure to be FTP. */
  doubtful: boolean
  /** Size of the dialogue when it was last looked at. */
  kept = 0
  /** When to look whether it is over; `Infinity` while open. */
  due: number
  readonly #read: (session: OpenSession) => ControlSession
  #ftp: ControlSession | null = null

  constructor(of: {
    control: Connection
    ends: Ends
    pair: HostPair<OpenSession>
    wanted: boolean
    doubtful: boolean
    due: number
    read: (session: OpenSession) => ControlSession
  }) {
    this.control = of.control
    this.pair = of.pair
    this.clientId = of.ends.initiator
    this.serverId = of.ends.responder
    this.endpoint = endpointKey(of.ends)
    this.wanted = of.wanted
    this.doubtful = of.doubtful
    this.due = of.due
    this.#read = of.read
  }

  /** Made when it is needed: most connections of a scan or a flood say nothing. */
  get ftp(): ControlSession {
    return (this.#ftp ??= this.#read(this))
  }
}

export function endpointKey(ends: Ends): number {
  return ends.responder * 0x10000 + ends.responderPort
}

export function connectionsOf(session: OpenSession): Connection[] {
  const all: Connection[] = []
  for (const { connections } of session.expectations) for (const { connection } of connections) all.push(connection)
  for (const connection of session.unexplained) all.push(connection)
  return all
}

/** Packets cross on their way through a capture by milliseconds, not by seconds. */
const CROSSING_NS = 2e9

export function isNear(time: number, announcement: Announcement): boolean {
  return Math.abs(time - announcement.time) < CROSSING_NS
}

export function claim(expectation: Expectation<OpenSession>, connection: Connection, ends: Ends): void {
  expectation.connections.push({ connection, match: matchOf(expectation, connection, ends) })
}

function matchOf<Owner>(expectation: Expectation<Owner>, connection: Connection, ends: Ends): Match {
  if (ends.responder === expectation.address) return 'announced'
  if (ends.responder !== expectation.listener) return 'translated'
  // An outside address was announced and the connection reaches an inside one: a translator did that. Otherwise who dials chose so.
  const announced = expectation.announcement.address
  return announced !== null && isPublic(announced) && !isPublic(connection.responder.address)
    ? 'translated'
    : 'control-address'
}

/** Ends of a connection between the session's two hosts, as ids of the address table. */
export function endsOf(connection: Connection, session: OpenSession): Ends {
  const fromClient = connection.initiator.address === session.control.initiator.address
  const client = fromClient ? session.clientId : session.serverId
  const server = fromClient ? session.serverId : session.clientId
  return {
    initiator: client,
    initiatorPort: connection.initiator.port,
    responder: server,
    responderPort: connection.responder.port,
  }
}

/** The session as the next stage judges it, with what the capture shows around it. */
export function toSession(
  open: OpenSession,
  around: Pick<Session, 'judgedAt'> & Pick<Surroundings, 'otherTraffic' | 'sameHosts' | 'sameSession'>,
): Session {
  const { id, control, ftp, pair, unexplained } = open
  const matches = new Map(open.expectations.map((e) => [e.announcement, e.connections]))
  const isIdent = (connection: Connection) => connection.responder.port === IDENT_PORT
  const data = connectionsOf(open)
  return {
    id,
    control,
    client: control.initiator,
    server: control.responder,
    dialogue: ftp.dialogue,
    channels: buildChannels(
      control,
      ftp.dialogue,
      matches,
      unexplained.filter((c) => !isIdent(c)),
    ),
    cutOff: control.closedBy === null && !saidGoodbye(ftp.dialogue),
    judgedAt: around.judgedAt,
    surroundings: {
      otherConnectionsBetweenHosts: pair.otherConnections || data.length > 0,
      otherTraffic: around.otherTraffic,
      sameHosts: around.sameHosts,
      ident: unexplained.filter(isIdent),
      duplicateShare: duplicateShare([control, ...data]),
      sameSession: around.sameSession,
    },
    places: open.places,
  }
}

/** 221 or 421: the server has ended the session, even where the capture ends before the FIN. */
function saidGoodbye(dialogue: Dialogue): boolean {
  const code = dialogue.exchanges.at(-1)?.replies.at(-1)?.code
  return code === 221 || code === 421
}

function duplicateShare(connections: readonly Connection[]): number {
  let packets = 0
  let duplicates = 0
  for (const connection of connections) {
    for (const flow of connection.flows) {
      packets += flow.packets + flow.duplicates
      duplicates += flow.duplicates
    }
  }
  return packets === 0 ? 0 : duplicates / packets
}
